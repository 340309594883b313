import type { Database } from 'better-sqlite3'
import type { Member, MemberRole, Room } from '../../../../contract/entities.ts'
import type { RoomId, Seq, UserId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import type { RoomOf, Store } from '../../../core/ports.ts'
import type { MembershipRow, RoomRow } from './columns.ts'
import { roomColumns, roomOfRow, roomsAndNewest } from './columns.ts'
import { headOf } from './read-logs.ts'
import { unreadOf } from './read-unread.ts'

/** Direct rooms are in none of these but for who is in them. */
const whose = {
  mine: 'EXISTS (SELECT 1 FROM memberships WHERE memberships.room = rooms.id AND "user" = ?)',
  visible:
    '(kind = \'public\' OR EXISTS (SELECT 1 FROM memberships WHERE memberships.room = rooms.id AND "user" = ?))',
  all: '(kind <> \'direct\' OR EXISTS (SELECT 1 FROM memberships WHERE memberships.room = rooms.id AND "user" = ?))',
} as const

export type WhichRooms = keyof typeof whose

/** Rooms in somebody's view, in the order of their ids, with the people of direct ones. */
export function roomsOf(db: Database): (viewer: UserId, which: WhichRooms) => (Room & { members: number })[] {
  const rows = {
    mine: db.prepare<[string], RoomRow>(
      `SELECT ${roomColumns} FROM ${roomsAndNewest} WHERE ${whose.mine} ORDER BY rooms.id`,
    ),
    visible: db.prepare<[string], RoomRow>(
      `SELECT ${roomColumns} FROM ${roomsAndNewest} WHERE ${whose.visible} ORDER BY rooms.id`,
    ),
    all: db.prepare<[string], RoomRow>(
      `SELECT ${roomColumns} FROM ${roomsAndNewest} WHERE ${whose.all} ORDER BY rooms.id`,
    ),
  }
  const inDirect = db.prepare<[string], { room: RoomId; user: UserId }>(
    `SELECT theirs.room, theirs."user" FROM memberships AS mine
     JOIN rooms ON rooms.id = mine.room AND rooms.kind = 'direct'
     JOIN memberships AS theirs ON theirs.room = mine.room
     WHERE mine."user" = ? ORDER BY theirs.room, theirs."user"`,
  )
  return (viewer, which) => {
    const people = Map.groupBy(inDirect.iterate(viewer), row => row.room)
    return rows[which].all(viewer).map(row => ({
      ...roomOfRow(
        row,
        people.get(row.id)?.map(({ user }) => user),
      ),
      members: row.members,
    }))
  }
}

export const readRooms = (
  db: Database,
): Pick<
  Store,
  'room' | 'rooms' | 'roomsForEveryone' | 'membersOf' | 'memberIds' | 'membership' | 'roomsOf' | 'unread'
> => ({ ...readRoom(db), ...readList(db), ...readMembers(db) })

function readRoom(db: Database): Pick<Store, 'room' | 'unread'> {
  const head = headOf(db)
  const unread = unreadOf(db)
  const row = db.prepare<[string], RoomRow>(`SELECT ${roomColumns} FROM ${roomsAndNewest} WHERE rooms.id = ?`)
  const people = db
    .prepare<[string], UserId>('SELECT "user" FROM memberships WHERE room = ? ORDER BY "user"')
    .pluck()
  const mine = db.prepare<[string, string], MembershipRow>(
    'SELECT room, role, since, read, hidden FROM memberships WHERE room = ? AND "user" = ?',
  )
  const room = db.transaction((id: RoomId, viewer: UserId): RoomOf | null => {
    const found = row.get(id)
    if (!found) return null
    const membership = mine.get(id, viewer) ?? null
    return {
      room: roomOfRow(found, found.kind === 'direct' ? people.all(id) : undefined),
      membership,
      members: found.members,
      unread: membership ? unread(id, viewer, membership.read) : 0,
      seq: head(roomTopic(id)),
    }
  })
  const marker = db.transaction((id: RoomId, user: UserId) => {
    const membership = mine.get(id, user)
    if (!membership) return null
    const { read } = membership
    return { read, unread: unread(id, user, read), seq: head(roomTopic(id)) }
  })
  return {
    room: async (id, viewer) => room(id, viewer),
    unread: async (id, user) => marker(id, user),
  }
}

function readList(db: Database): Pick<Store, 'rooms' | 'roomsForEveryone'> {
  const head = headOf(db)
  const list = roomsOf(db)
  const everyone = db
    .prepare<[], RoomId>('SELECT id FROM rooms WHERE everyone = 1 AND archived = 0 ORDER BY id')
    .pluck()
  const rooms = db.transaction((viewer: UserId, which: WhichRooms) => ({
    rooms: list(viewer, which),
    seq: head('workspace'),
  }))
  return {
    rooms: async (viewer, which) => rooms(viewer, which),
    roomsForEveryone: async () => everyone.all(),
  }
}

function readMembers(db: Database): Pick<Store, 'membersOf' | 'memberIds' | 'membership' | 'roomsOf'> {
  const head = headOf(db)
  const page = db.prepare<[string, string, number], Member>(
    'SELECT "user", role, since FROM memberships WHERE room = ? AND "user" > ? ORDER BY "user" LIMIT ?',
  )
  const ids = db.prepare<[string], UserId>('SELECT "user" FROM memberships WHERE room = ?').pluck()
  const one = db.prepare<[string, string], { role: MemberRole; since: Seq; read: Seq }>(
    'SELECT role, since, read FROM memberships WHERE room = ? AND "user" = ?',
  )
  const rooms = db
    .prepare<[string], RoomId>('SELECT room FROM memberships WHERE "user" = ? ORDER BY room')
    .pluck()
  const membersOf = db.transaction((room: RoomId, after: UserId | null, limit: number) => ({
    members: page.all(room, after ?? '', limit),
    seq: head(roomTopic(room)),
  }))
  const memberIds = db.transaction((room: RoomId) => ({ users: ids.all(room), seq: head(roomTopic(room)) }))
  return {
    membersOf: async (room, { after, limit }) => membersOf(room, after, limit),
    memberIds: async room => memberIds(room),
    membership: async (room, user) => one.get(room, user) ?? null,
    roomsOf: async user => rooms.all(user),
  }
}
