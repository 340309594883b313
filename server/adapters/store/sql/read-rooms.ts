import type { Member, MemberRole, Membership, Room, RoomKind } from '../../../../contract/entities.ts'
import type { RoomId, Seq, UserId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { RoomOf } from '../../../core/ports/store.ts'
import type { RoomRecord } from './columns.ts'
import { membershipOfRow, roomColumns, roomOfRow } from './columns.ts'
import { headOf, heads } from './read-logs.ts'
import type { Reading } from './reading.ts'
import { all, allReadings, one } from './reading.ts'

/**
 * Of a row of `memberships`: others' messages after its marker, exact up to what is shown, one more for any more. Deleted ones are in
 * another table.
 */
export const unreadColumn = `(SELECT count(*) FROM (SELECT 1 FROM messages WHERE messages.room = memberships.room
  AND messages.seq > memberships.read AND messages.author <> memberships."user"
  LIMIT ${limits.unreadShown + 1}) AS beyond) AS unread`

const isIn =
  'EXISTS (SELECT 1 FROM memberships WHERE memberships.room = rooms.id AND "user" = ? AND set_aside = 0)'

/** Direct rooms are in none of these but for who is in them, and not where they are set aside. */
const lists = {
  mine: listOf(isIn),
  visible: listOf(`(kind = 'public' OR ${isIn})`),
  all: listOf(`(kind <> 'direct' OR ${isIn})`),
} as const

function listOf(which: string): string {
  return `SELECT ${roomColumns} FROM rooms WHERE ${which} ORDER BY rooms.id`
}

type WhichRooms = keyof typeof lists

/** Rooms in somebody's view, in the order of their ids, with the people of direct ones. */
export function* roomsSeenBy(viewer: UserId, which: WhichRooms): Reading<{ room: Room; members: number }[]> {
  const [rows, inDirect] = yield* allReadings(
    all<RoomRecord>(lists[which], viewer),
    all<{ room: RoomId; user: UserId }>(
      `SELECT theirs.room, theirs."user" FROM memberships AS mine
       JOIN participants AS theirs ON theirs.room = mine.room
       WHERE mine."user" = ? AND mine.set_aside = 0 ORDER BY theirs.room, theirs."user"`,
      viewer,
    ),
  )
  const people = Map.groupBy(inDirect, row => row.room)
  return rows.map(row => {
    const users = people.get(row.id)?.map(({ user }) => user)
    return { room: roomOfRow(row, users), members: row.members }
  })
}

export function* rooms(
  viewer: UserId,
  which: WhichRooms,
): Reading<{ rooms: (Room & { members: number })[]; seq: Seq }> {
  const [seen, seq] = yield* allReadings(roomsSeenBy(viewer, which), headOf('workspace'))
  return { rooms: seen.map(({ room, members }) => ({ ...room, members })), seq }
}

const byId = `SELECT ${roomColumns} FROM rooms WHERE rooms.id = ?`
const mineWithUnread = `SELECT room, role, since, read, hidden, ${unreadColumn} FROM memberships
  WHERE room = ? AND "user" = ?`

export function* selectRoom(id: RoomId, viewer: UserId): Reading<RoomOf | null> {
  const [row, people, mine, seq] = yield* allReadings(
    one<RoomRecord>(byId, id),
    all<{ user: UserId }>('SELECT "user" FROM participants WHERE room = ? ORDER BY "user"', id),
    one<Membership & { unread: number }>(mineWithUnread, id, viewer),
    headOf(roomTopic(id)),
  )
  if (!row) return null
  return {
    room: roomOfRow(row, row.kind === 'direct' ? people.map(({ user }) => user) : undefined),
    membership: mine ? membershipOfRow(mine) : null,
    members: row.members,
    unread: mine?.unread ?? 0,
    seq,
  }
}

const marker = `SELECT read, ${unreadColumn}, coalesce((SELECT head FROM logs WHERE topic = ?), 0) AS seq
  FROM memberships WHERE room = ? AND "user" = ?`

export function* unread(room: RoomId, user: UserId): Reading<{ read: Seq; unread: number; seq: Seq } | null> {
  const row = yield* one<{ read: Seq; unread: number; seq: Seq }>(marker, roomTopic(room), room, user)
  return row ?? null
}

const byName = `SELECT id FROM (
    SELECT id, 0 AS former, created_at AS place FROM rooms
      WHERE kind = 'public' AND CASE WHEN slug = '' THEN folded ELSE slug END = ?
    UNION ALL SELECT room, 1, 0 FROM room_names WHERE name = ?
  ) AS named ORDER BY former, place, id LIMIT 10`

export function* roomsNamed(address: string): Reading<RoomId[]> {
  const rows = yield* all<{ id: RoomId }>(byName, address, address)
  return rows.map(row => row.id)
}

export function* roomsForEveryone(): Reading<RoomId[]> {
  const rows = yield* all<{ id: RoomId }>(
    'SELECT id FROM rooms WHERE everyone = 1 AND archived = 0 ORDER BY id',
  )
  return rows.map(row => row.id)
}

export function* membersOf(
  room: RoomId,
  { after, limit }: { after: UserId | null; limit: number },
): Reading<{ members: Member[]; seq: Seq }> {
  const [members, seq] = yield* allReadings(
    all<Member>(
      'SELECT "user", role, since FROM memberships WHERE room = ? AND "user" > ? ORDER BY "user" LIMIT ?',
      room,
      after ?? '',
      limit,
    ),
    headOf(roomTopic(room)),
  )
  return { members, seq }
}

export function* memberIds(room: RoomId): Reading<{ users: UserId[]; seq: Seq }> {
  const [rows, seq] = yield* allReadings(
    all<{ user: UserId }>('SELECT "user" FROM memberships WHERE room = ?', room),
    headOf(roomTopic(room)),
  )
  return { users: rows.map(row => row.user), seq }
}

export function* membersIn(rooms: readonly RoomId[]): Reading<Map<RoomId, { users: Set<UserId>; seq: Seq }>> {
  const [rows, logs] = yield* allReadings(
    all<{ room: RoomId; user: UserId }>('SELECT room, "user" FROM memberships WHERE room = ANY(?)', rooms),
    heads(rooms.map(roomTopic)),
  )
  const found = new Map(
    rooms.map(room => [room, { users: new Set<UserId>(), seq: logs.get(roomTopic(room))?.head ?? 0 }]),
  )
  for (const { room, user } of rows) found.get(room)?.users.add(user)
  return found
}

/** Of a direct room's active people, those who do not have it in their list. */
export function* notHere(room: RoomId): Reading<{ user: UserId; isSetAside: boolean }[]> {
  const rows = yield* all<{ user: UserId; aside: number }>(
    `SELECT theirs."user", coalesce(here.set_aside, 0) AS aside
     FROM participants AS theirs JOIN users ON users.id = theirs."user" AND state = 'active'
       LEFT JOIN memberships AS here ON here.room = theirs.room AND here."user" = theirs."user"
     WHERE theirs.room = ? AND coalesce(here.set_aside, 1) = 1 ORDER BY theirs."user"`,
    room,
  )
  return rows.map(({ user, aside }) => ({ user, isSetAside: aside === 1 }))
}

/** Direct rooms that others wrote to somebody in and that they never wrote in, but for the first so many: unread ones first, newest first. */
export function* unanswered(user: UserId, but: number): Reading<RoomId[]> {
  const rows = yield* all<{ room: RoomId }>(
    `SELECT room FROM memberships JOIN rooms ON rooms.id = room AND kind = 'direct'
     WHERE "user" = ? AND set_aside = 0 AND own = 0
     ORDER BY CASE WHEN EXISTS (
         SELECT 1 FROM messages WHERE messages.room = memberships.room AND messages.seq > memberships.read
           AND messages.seq > memberships.hidden AND messages.author <> memberships."user"
       ) THEN 0 ELSE 1 END,
       coalesce((SELECT at FROM messages WHERE messages.room = rooms.id ORDER BY seq DESC LIMIT 1), created_at) DESC,
       room DESC LIMIT 10 OFFSET ?`,
    user,
    but,
  )
  return rows.map(({ room }) => room)
}

export function* selectMembership(
  room: RoomId,
  user: UserId,
): Reading<{ role: MemberRole; since: Seq; read: Seq } | null> {
  const row = yield* one<{ role: MemberRole; since: Seq; read: Seq }>(
    'SELECT role, since, read FROM memberships WHERE room = ? AND "user" = ?',
    room,
    user,
  )
  return row ?? null
}

export function* roomsOf(user: UserId): Reading<{ room: RoomId; kind: RoomKind; since: Seq }[]> {
  return yield* all<{ room: RoomId; kind: RoomKind; since: Seq }>(
    `SELECT room, kind, since FROM memberships JOIN rooms ON rooms.id = room
     WHERE "user" = ? AND set_aside = 0 ORDER BY room`,
    user,
  )
}
