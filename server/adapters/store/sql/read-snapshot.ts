import type { Membership, User } from '../../../../contract/entities.ts'
import type { RoomId, Seq, Topic, UserId } from '../../../../contract/ids.ts'
import { roomTopic, userTopic } from '../../../../contract/ids.ts'
import type { StoreSnapshot } from '../../../core/ports/store.ts'
import { membershipOfRow, userColumns } from './columns.ts'
import { headOf } from './read-logs.ts'
import { roomsSeenBy, unreadColumn } from './read-rooms.ts'
import { selectUser, selectWorkspace } from './read-users.ts'
import type { Reading } from './reading.ts'
import { all, allReadings } from './reading.ts'

type Mine = Membership & { unread: number; head: Seq | null }

const everybody = `SELECT ${userColumns} FROM users ORDER BY id`
const mineWithHeads = `SELECT room, role, since, read, hidden, ${unreadColumn},
    (SELECT head FROM logs WHERE topic = 'room:' || memberships.room) AS head
  FROM memberships WHERE "user" = ? AND set_aside = 0 ORDER BY room`

/** Everything that a client starts from, asked at once. */
export function* snapshot(of: UserId): Reading<StoreSnapshot | null> {
  const [state, me, users, rooms, mine, workspaceHead, head] = yield* allReadings(
    selectWorkspace(),
    selectUser(of),
    all<User>(everybody),
    roomsSeenBy(of, 'visible'),
    all<Mine>(mineWithHeads, of),
    headOf('workspace'),
    headOf(userTopic(of)),
  )
  if (!me) return null
  const unread: Record<RoomId, number> = {}
  const cursors: Record<Topic, Seq> = { workspace: workspaceHead, [userTopic(of)]: head }
  for (const row of mine) {
    unread[row.room] = row.unread
    if (row.head !== null) cursors[roomTopic(row.room)] = row.head
  }
  return {
    workspace: state,
    me,
    users,
    rooms: rooms.map(({ room }) => room),
    memberships: mine.map(membershipOfRow),
    unread,
    cursors,
  }
}
