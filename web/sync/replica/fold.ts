import type { Room, User } from '../../../contract/entities.ts'
import type { Event, EventOf } from '../../../contract/events.ts'
import type { Seq, Topic, UserId } from '../../../contract/ids.ts'
import { userTopic } from '../../../contract/ids.ts'
import { deleted, posted, withMarkerMoved } from '../room/unread.ts'
import { CopyOnWrite } from './copy-on-write.ts'
import type { Mine, People, State } from './state.ts'
import { heldAt, notHeld, roomOf, withoutEmail, withRoom } from './state.ts'

/** Consecutive events of one topic: the n-th has the seq `first + n`. */
export interface EventBatch {
  readonly topic: Topic
  readonly first: Seq
  readonly events: readonly Event[]
}

/** The state after these events. Those that its part holds already, and those of a kind that is not known here, change nothing. */
export function fold(state: State, batch: EventBatch): State {
  if (heldAt(state, batch.topic) === notHeld) return state
  if (batch.topic === 'workspace') {
    const people = foldPeople(state.people, batch)
    return people === state.people ? state : { ...state, people }
  }
  if (batch.topic === userTopic(state.me)) return foldSelf(state, batch)
  const mine = state.mine.get(roomOf(batch.topic))
  const next = mine && foldRoom(mine, batch, state.me)
  return next && next !== mine ? withRoom(state, next) : state
}

/** The events of these that come after `at`, each with its seq. */
function* after(at: Seq, { first, events }: EventBatch): Generator<[Seq, Event]> {
  for (const [n, event] of events.entries()) if (first + n > at) yield [first + n, event]
}

function foldPeople(people: People, batch: EventBatch): People {
  const users = new CopyOnWrite(people.users)
  const listed = new CopyOnWrite(people.listed)
  let { at, workspace } = people
  for (const [seq, event] of after(at, batch)) {
    at = seq
    switch (event.e) {
      case 'workspace.changed':
        workspace = event.workspace
        break
      case 'user.added':
      case 'user.changed':
        users.set(event.user.id, withoutEmail(event.user))
        break
      case 'user.removed': {
        const user = users.get(event.user)
        if (user) users.set(event.user, asDeleted(user))
        break
      }
      case 'room.listed':
        listed.set(event.room.id, { ...event.room, last: null })
        break
      case 'room.unlisted':
        listed.delete(event.room)
        break
      default:
        break
    }
  }
  return at === people.at ? people : { at, workspace, users: users.result, listed: listed.result }
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

function foldSelf(state: State, batch: EventBatch): State {
  const mine = new CopyOnWrite(state.mine)
  let { at, email } = state.self
  for (const [seq, event] of after(at, batch)) {
    at = seq
    switch (event.e) {
      case 'room.removed':
        mine.delete(event.room)
        break
      case 'read.moved': {
        const room = mine.get(event.room)
        if (room) mine.set(event.room, markerMoved(room, event))
        break
      }
      case 'room.hidden': {
        const room = mine.get(event.room)
        if (room) mine.set(event.room, { ...room, membership: { ...room.membership, hidden: event.seq } })
        break
      }
      case 'me.changed':
        email = event.email
        break
      default:
        break
    }
  }
  return at === state.self.at ? state : { ...state, self: { at, email }, mine: mine.result }
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

function foldRoom(mine: Mine, batch: EventBatch, me: UserId): Mine {
  let next = mine
  for (const [seq, event] of after(mine.at, batch)) next = foldRoomEvent({ ...next, at: seq }, event, me)
  return next
}

/** `mine.at` is the event's own seq. */
function foldRoomEvent(mine: Mine, event: Event, me: UserId): Mine {
  const { at, room, membership, unread } = mine
  switch (event.e) {
    case 'room.changed':
      return { ...mine, room: { ...room, ...(event.room as Partial<Room>) } }
    case 'member.added': {
      if (event.user !== me) return mine
      const joined = { ...membership, role: event.role, since: at, hidden: 0 }
      return marked({ ...mine, membership: joined }, at)
    }
    case 'member.changed':
      return event.user === me ? { ...mine, membership: { ...membership, role: event.role } } : mine
    case 'message.posted': {
      const said = { ...mine, room: { ...room, last: { seq: at, at: event.at } } }
      if (event.by === me) return spoken(said, at)
      return at > membership.read ? { ...said, unread: posted(unread, at) } : said
    }
    case 'message.deleted': {
      const counts = event.author !== me && event.of > membership.read
      return counts ? { ...mine, unread: deleted(unread, event.of) } : mine
    }
    default:
      return mine
  }
}
