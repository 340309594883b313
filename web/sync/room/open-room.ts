import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import type { OpenRoom } from '../model.ts'
import type { SyncContext } from '../sync-context.ts'
import type { Conversation } from './conversation.ts'
import { marking } from './marking.ts'

/** One view's hold on a conversation: what it can do there. `closed` is called once. */
export function openRoom(conversation: Conversation, context: SyncContext, closed: () => void): OpenRoom {
  let isOpen = true
  return {
    room: conversation.room,
    subscribe: listener => conversation.listeners.add(listener),
    snapshot: () => conversation.snapshot(),
    loadBefore: () => conversation.loadBefore(),
    loadAfter: () => conversation.loadAfter(),
    jumpTo: message => conversation.jumpTo(message),
    jumpToUnread: () => conversation.jumpToUnread(),
    jumpToLatest: () => conversation.jumpToLatest(),
    quoted: async id => loaded(conversation, id) ?? conversation.quotes.get(id),
    known: id => loaded(conversation, id) ?? conversation.quotes.known(id),
    ...drafting(conversation, context),
    ...saying(conversation, context),
    ...marking(conversation, context),
    [Symbol.dispose]() {
      if (isOpen) closed()
      isOpen = false
    },
  }
}

function drafting(
  conversation: Conversation,
  context: SyncContext,
): Pick<OpenRoom, 'draft' | 'onDraft' | 'write' | 'send' | 'save'> {
  const { room } = conversation
  const { drafts, outbox } = context
  return {
    draft: () => drafts.of(room),
    onDraft: listener => drafts.subscribe(room, listener),
    write: change => drafts.write(room, change),
    async send() {
      const taken = drafts.take(room)
      if (!taken) return
      try {
        await add(conversation, context, taken)
      } catch (error) {
        drafts.write(room, { text: taken.text + drafts.of(room).text, quote: taken.quote })
        throw error
      } finally {
        await drafts.release(room)
      }
    },
    async save(edit) {
      const { message, rev, was, text } = edit
      drafts.leaveEdit(room)
      try {
        if (text === was) return
        await outbox.add(editOf(room, { id: message, rev }, text))
      } catch (error) {
        if (!drafts.of(room).edit) drafts.write(room, { edit })
        throw error
      } finally {
        await drafts.release(room)
      }
    },
  }
}

const editOf = (room: RoomId, { id, rev: was }: Pick<Message, 'id' | 'rev'>, text: string) =>
  ({ operation: 'messages.edit', room, input: { id, text, was } }) as const

/** Stores a message for sending, and shows it. */
async function add(
  conversation: Conversation,
  { outbox, signals }: SyncContext,
  { id, text, quote }: { id: MessageId; text: string; quote?: MessageId | null | undefined },
): Promise<void> {
  const { room } = conversation
  await outbox.add({ operation: 'messages.post', room, input: { id, room, text, ...(quote && { quote }) } })
  signals.posted(room)
  void conversation.jumpToLatest()
}

type Saying = 'post' | 'retry' | 'retryUnquoted' | 'discard' | 'edit' | 'remove' | 'typing'

function saying(conversation: Conversation, context: SyncContext): Pick<OpenRoom, Saying> {
  const { room } = conversation
  const { ports, outbox, signals } = context
  return {
    async post(text, quote) {
      const id = newId<MessageId>(ports.clock.now())
      await add(conversation, context, { id, text, quote })
      return id
    },
    retry: key => outbox.retry(key),
    retryUnquoted: key => outbox.retryUnquoted(key),
    discard: key => outbox.discard(key),
    edit: (message, text) => outbox.add(editOf(room, message, text)),
    remove: id => outbox.add({ operation: 'messages.remove', room, input: { id } }),
    typing: () => signals.notifyTyping(room),
  }
}

const loaded = (conversation: Conversation, id: MessageId): Message | undefined =>
  conversation.messageWindow?.messages.find(other => other.id === id)
