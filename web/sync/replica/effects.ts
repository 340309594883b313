import type { Message, Room, User, Workspace } from '../../../contract/entities.ts'
import type { Event, EventName, EventOf } from '../../../contract/events.ts'
import type { MessageId, RoomId, Seq, Topic, UserId } from '../../../contract/ids.ts'
import type { Fact } from '../outbox/queued.ts'
import { deleted, posted, withMarkerMoved } from '../room/unread.ts'
import type { CopyOnWrite } from './copy-on-write.ts'
import type { Mine } from './state.ts'
import { roomOf, withoutEmail } from './state.ts'

/** Consecutive events of one topic: the n-th has the seq `first + n`. */
export interface EventBatch {
  readonly topic: Topic
  readonly first: Seq
  readonly events: readonly Event[]
}

/** The part of the state that the workspace's log tells, while a batch is folded into it. */
export interface NextPeople {
  workspace: Workspace
  readonly users: CopyOnWrite<UserId, User>
  readonly listed: CopyOnWrite<RoomId, Room>
}

/** What one's own log tells, the markers of rooms included, while a batch is folded into it. */
export interface NextSelf {
  email: string
  readonly mine: CopyOnWrite<RoomId, Mine>
}

/** What an event does to a message, wherever that is loaded: in the window of its room, or as a quoted one. */
export type MessageEffect =
  | { readonly is: 'posted'; readonly message: Message }
  | { readonly is: 'changed'; readonly id: MessageId; to(message: Message): Message }
  | { readonly is: 'deleted'; readonly id: MessageId }

/** All that an event does on this device, by what it does it to. */
interface Effect<E extends Event> {
  /** An event of the workspace's log, to what that tells. */
  people?(next: NextPeople, event: E): void
  /** An event of one's own log, to what that tells. */
  self?(next: NextSelf, event: E): void
  /** An event of a room's log, to the room that one is in; `mine.at` is the event's own seq. */
  room?(mine: Mine, event: E, me: UserId): Mine
  /** An event of a room's log, to one message. An event may come again: an older revision does not undo a newer one. */
  message?(event: E, room: RoomId, seq: Seq): MessageEffect
  /** What it shows to be done of what waits in the outbox. What of it is redacted tells nothing of a text. */
  fact?(event: E): Fact
  /** The room that those who are not in it see no longer. */
  unlisted?(event: E): RoomId
}

/** One entry for each event of the contract: another one is written here, and nowhere else on the client. */
const effects: { readonly [Name in EventName]: Effect<EventOf<Name>> } = {
  'workspace.changed': {
    people(next, { workspace }) {
      next.workspace = workspace
    },
  },
  'user.added': { people: setUser },
  'user.changed': { people: setUser },
  'user.removed': {
    people({ users }, event) {
      const user = users.get(event.user)
      if (user) users.set(event.user, asDeleted(user))
    },
  },
  'room.listed': { people: ({ listed }, { room }) => listed.set(room.id, { ...room, last: null }) },
  'room.unlisted': { people: ({ listed }, { room }) => listed.delete(room), unlisted: ({ room }) => room },
  'room.added': {},
  'room.removed': { self: ({ mine }, { room }) => mine.delete(room) },
  'read.moved': {
    self: ({ mine }, event) => setMine(mine, event.room, room => markerMoved(room, event)),
    fact: ({ room, seq }) => ({ is: 'read', room, seq }),
  },
  'room.hidden': {
    self: ({ mine }, event) =>
      setMine(mine, event.room, room => ({ ...room, membership: { ...room.membership, hidden: event.seq } })),
  },
  'me.changed': {
    self(next, { email }) {
      next.email = email
    },
  },
  'room.changed': {
    room: (mine, event) => ({ ...mine, room: { ...mine.room, ...(event.room as Partial<Room>) } }),
  },
  'member.added': {
    room(mine, { user, role }, me) {
      if (user !== me) return mine
      const { at } = mine
      return marked({ ...mine, membership: { ...mine.membership, role, since: at, hidden: 0 } }, at)
    },
  },
  'member.changed': {
    room: (mine, { user, role }, me) =>
      user === me ? { ...mine, membership: { ...mine.membership, role } } : mine,
  },
  'member.removed': {},
  'message.posted': {
    room(mine, { at: time, by }, me) {
      const { at } = mine
      const said = { ...mine, room: { ...mine.room, last: { seq: at, at: time } } }
      if (by === me) return spoken(said, at)
      return at > mine.membership.read ? { ...said, unread: posted(mine.unread, at) } : said
    },
    message: (event, room, seq) => ({ is: 'posted', message: messageOf(event, room, seq) }),
    fact: ({ id, text }) => ({ is: 'message', id, rev: 0, text }),
  },
  'message.edited': {
    message: event => ({ is: 'changed', id: event.id, to: message => revised(message, event) }),
    fact: ({ id, rev, text }) => ({ is: 'message', id, rev, text }),
  },
  'message.deleted': {
    room(mine, { of, author }, me) {
      const counts = author !== me && of > mine.membership.read
      return counts ? { ...mine, unread: deleted(mine.unread, of) } : mine
    },
    message: ({ id }) => ({ is: 'deleted', id }),
    fact: ({ id }) => ({ is: 'deleted', id }),
  },
}

const nothing: Effect<Event> = {}

/** What an event does here: nothing, where it is of a kind that this page does not know. */
export const effectOf = ({ e }: Event): Effect<Event> => effects[e] ?? nothing

/** What each event of a batch does to a message, if it does anything to one. */
export const messageEffects = ({
  topic,
  first,
  events,
}: EventBatch): readonly (MessageEffect | undefined)[] =>
  events.map((event, n) => effectOf(event).message?.(event, roomOf(topic), first + n))

export const factsOf = ({ events }: EventBatch): readonly Fact[] =>
  events.flatMap(event => effectOf(event).fact?.(event) ?? [])

function setUser({ users }: NextPeople, { user }: { readonly user: User }): void {
  users.set(user.id, withoutEmail(user))
}

const asDeleted = (user: User): User => ({
  ...user,
  username: '',
  displayName: '',
  firstName: '',
  lastName: '',
  status: '',
  avatar: null,
  state: 'deleted',
})

function setMine(mine: NextSelf['mine'], id: RoomId, change: (room: Mine) => Mine): void {
  const room = mine.get(id)
  if (room) mine.set(id, change(room))
}

/**
 * `head`: the room's last seq when the marker was set. A message of one's own after that has moved the marker on, to itself; the two are of
 * two logs, and either may be received first.
 */
function markerMoved(mine: Mine, { seq, head }: EventOf<'read.moved'>): Mine {
  return { ...marked(mine, mine.spoke > head ? Math.max(seq, mine.spoke) : seq), movedAt: head }
}

/** With one's own message at `seq`. */
function spoken(mine: Mine, seq: Seq): Mine {
  const read = seq > mine.movedAt ? Math.max(seq, mine.membership.read) : mine.membership.read
  return { ...marked(mine, read), spoke: seq }
}

const marked = (mine: Mine, read: Seq): Mine => ({
  ...mine,
  membership: { ...mine.membership, read },
  unread: withMarkerMoved(mine.unread, mine.membership.read, read, mine.at),
})

const messageOf = (event: EventOf<'message.posted'>, room: RoomId, seq: Seq): Message => ({
  id: event.id,
  room,
  seq,
  author: event.by,
  at: event.at,
  text: event.text,
  ...(event.quote === undefined ? {} : { quote: event.quote }),
  ...(event.plain && { plain: true }),
  rev: 0,
})

/** A message after an edit of it: what is older than the message changes nothing. What was plain is Markdown from then on. */
function revised(message: Message, event: EventOf<'message.edited'>): Message {
  if (event.rev <= message.rev) return message
  const { plain: _, ...rest } = message
  return { ...rest, text: event.text, rev: event.rev, editedAt: event.at }
}
