import type { Membership, Room, User, Workspace } from '../../../contract/entities.ts'
import type { Epoch, RoomId, Seq, Topic, UserId } from '../../../contract/ids.ts'
import { roomTopic, userTopic } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import type { UnreadCount } from '../room/unread.ts'
import { unreadCounted } from '../room/unread.ts'
import { CopyOnWrite } from './copy-on-write.ts'

export const notHeld = -1

/** What the workspace's log tells. E-mail addresses are not kept: no event brings them. */
export interface People {
  readonly at: Seq
  readonly workspace: Workspace
  readonly users: ReadonlyMap<UserId, User>
  /** Public rooms, without `last`: no log tells it of a room that one is not in. */
  readonly listed: ReadonlyMap<RoomId, Room>
}

/** What one's own log tells, but for the markers, which stand with their rooms. */
export interface Self {
  readonly at: Seq
  readonly email: string
}

/**
 * A room that one is in: what its log tells, with one's marker. Two logs move the marker: one's own by `read.moved`, and the room's by
 * one's own messages. Which of two was last is told by the seq: of one's newest message received here (`spoke`), and of the room's head at
 * the last move received here (`movedAt`).
 */
export interface Mine {
  readonly at: Seq
  readonly room: Room
  readonly membership: Membership
  readonly unread: UnreadCount
  readonly spoke: Seq
  readonly movedAt: Seq
}

/**
 * Everything folded from the logs but the messages. Each log has its own part, which nothing else writes, so that it does not matter in
 * which order the logs are received. `at` is the last seq that a part holds: events up to it change nothing any more. A part that is not
 * held (`at` is -1) is what was last known, until a snapshot of it is read: no event changes it.
 */
export interface State {
  /** `null`: nothing was read yet. */
  readonly epoch: Epoch | null
  readonly me: UserId
  readonly people: People
  readonly self: Self
  readonly mine: ReadonlyMap<RoomId, Mine>
}

/** Before anything was read: oneself is known, and nobody else. */
export function emptyState(me: User & { email: string }): State {
  const { email, ...user } = me
  return {
    epoch: null,
    me: me.id,
    people: { at: notHeld, workspace: { name: '' }, users: new Map([[me.id, user]]), listed: new Map() },
    self: { at: notHeld, email },
    mine: new Map(),
  }
}

/** The state that a bootstrap is. */
export function stateOf(boot: Output<'bootstrap.get'>): State {
  const rooms = new Map(boot.rooms.map(room => [room.id, room]))
  const mine = new Map<RoomId, Mine>()
  for (const membership of boot.memberships) {
    const room = rooms.get(membership.room)
    const at = boot.cursors[roomTopic(membership.room)] ?? 0
    if (room) mine.set(room.id, mineOf({ room, membership, unread: boot.unread[room.id] ?? 0, seq: at }))
  }
  const listed = boot.rooms.filter(room => room.kind === 'public')
  return {
    epoch: boot.epoch,
    me: boot.me.id,
    people: {
      at: boot.cursors.workspace ?? 0,
      workspace: boot.workspace,
      users: new Map(boot.users.map(user => [user.id, withoutEmail(user)])),
      listed: new Map(listed.map(room => [room.id, { ...room, last: null }])),
    },
    self: { at: boot.cursors[userTopic(boot.me.id)] ?? 0, email: boot.me.email },
    mine,
  }
}

export const mineOf = (answer: { room: Room; membership: Membership; unread: number; seq: Seq }): Mine => ({
  at: answer.seq,
  room: answer.room,
  membership: answer.membership,
  unread: unreadCounted(answer.unread, answer.seq),
  spoke: 0,
  movedAt: 0,
})

/** The seq that the part of a topic holds, or `notHeld`. */
export function heldAt(state: State, topic: Topic): Seq {
  if (topic === 'workspace') return state.people.at
  if (topic === userTopic(state.me)) return state.self.at
  return state.mine.get(roomOf(topic))?.at ?? notHeld
}

/** The state whose part of a topic is to be read anew. */
export function unheld(state: State, topic: Topic): State {
  if (topic === 'workspace') return { ...state, people: { ...state.people, at: notHeld } }
  if (topic === userTopic(state.me)) return { ...state, self: { ...state.self, at: notHeld } }
  const mine = state.mine.get(roomOf(topic))
  return mine ? withRoom(state, { ...mine, at: notHeld }) : state
}

export const withRoom = (state: State, mine: Mine): State => ({
  ...state,
  mine: new Map(state.mine).set(mine.room.id, mine),
})

export function withoutRoom(state: State, room: RoomId): State {
  const mine = new CopyOnWrite(state.mine)
  mine.delete(room)
  return mine.result === state.mine ? state : { ...state, mine: mine.result }
}

/** The room of a room's topic. */
export const roomOf = (topic: Topic): RoomId => topic.slice('room:'.length) as RoomId

export function withoutEmail({ email: _, ...user }: User): User {
  return user
}
