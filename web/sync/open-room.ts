import type { Message } from '../../contract/entities.ts'
import type { MessageId, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Conversation } from './conversation.ts'
import type { Markers } from './markers.ts'
import type { OpenRoom } from './model.ts'
import type { Outbox } from './outbox.ts'
import type { Ports } from './ports.ts'
import type { Replica } from './replica.ts'
import type { Signals } from './signals.ts'
import type { Call } from './snapshots.ts'
import type { Storage } from './storage.ts'

/** What an open room acts through. */
export interface Hands {
  readonly me: UserId
  readonly call: Call
  readonly ports: Ports
  readonly replica: Replica
  readonly outbox: Outbox
  readonly markers: Markers
  readonly signals: Signals
  readonly storage: Storage
}

/** One view's hold on a conversation: what it can do there. `closed` is called once. */
export function openRoom(conversation: Conversation, hands: Hands, closed: () => void): OpenRoom {
  let isOpen = true
  return {
    room: conversation.room,
    subscribe: listener => conversation.subscribe(listener),
    snapshot: () => conversation.snapshot(),
    loadBefore: () => conversation.loadBefore(),
    loadAfter: () => conversation.loadAfter(),
    jumpTo: message => conversation.jumpTo(message),
    jumpToUnread: () => conversation.jumpToUnread(),
    jumpToLatest: () => conversation.jumpToLatest(),
    quoted: id => loaded(conversation, id) ?? conversation.quotes.get(id),
    ...saying(conversation, hands),
    ...marking(conversation, hands),
    [Symbol.dispose]() {
      if (isOpen) closed()
      isOpen = false
    },
  }
}

type Saying = 'post' | 'retry' | 'discard' | 'edit' | 'remove' | 'typing' | 'draft' | 'setDraft'

function saying(
  conversation: Conversation,
  { me, call, ports, outbox, signals, storage }: Hands,
): Pick<OpenRoom, Saying> {
  const { room } = conversation
  return {
    async post(text, quote) {
      const id = newId<MessageId>(ports.clock.now())
      await outbox.add({ id, room, text, at: ports.clock.now(), ...(quote && { quote }) })
      signals.posted(room)
      void conversation.jumpToLatest()
      return id
    },
    retry: id => outbox.retry(id),
    discard: id => outbox.discard(id),
    edit: (message, text) => call('messages.edit', { id: message.id, text, was: message.rev }),
    remove: id => call('messages.remove', { id }),
    typing: () => signals.tellTyping(room),
    draft: async () => (await storage.draft(me, room)) ?? { text: '', quote: null },
    setDraft: (text, quote) =>
      storage.setDraft(me, room, text === '' && quote === null ? null : { text, quote }),
  }
}

function marking(
  conversation: Conversation,
  { markers, replica }: Hands,
): Pick<OpenRoom, 'markRead' | 'markUnreadFrom'> {
  const { room } = conversation
  let staysUnread = false
  return {
    async markRead() {
      const to = conversation.newestLoaded
      const from = replica.state.mine.get(room)?.membership.read
      if (to !== null && from !== undefined && to > from && !staysUnread) await markers.move(room, from, to)
    },
    async markUnreadFrom(message) {
      // Until the room is opened again: the view that shows the message would mark it read at once.
      staysUnread = true
      conversation.setNewAfter(message.seq - 1)
      await markers.back(room, message.seq - 1)
    },
  }
}

function loaded(conversation: Conversation, id: MessageId): Promise<Message> | null {
  const message = conversation.run?.messages.find(other => other.id === id)
  return message ? Promise.resolve(message) : null
}
