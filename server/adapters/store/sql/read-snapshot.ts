import type { Database } from 'better-sqlite3'
import type { User } from '../../../../contract/entities.ts'
import type { RoomId, Seq, Topic, UserId } from '../../../../contract/ids.ts'
import { userTopic } from '../../../../contract/ids.ts'
import type { Snapshot, Store } from '../../../core/ports.ts'
import type { MembershipRow, WholeUser } from './columns.ts'
import { userColumns } from './columns.ts'
import { headOf } from './read-logs.ts'
import { roomsOf } from './read-rooms.ts'
import { unreadOf } from './read-unread.ts'
import { workspaceOf } from './read-users.ts'

/** Everything that a client starts from, in one snapshot. */
export function readSnapshot(db: Database): Pick<Store, 'snapshot'> {
  const workspace = workspaceOf(db)
  const rooms = roomsOf(db)
  const unread = unreadOf(db)
  const head = headOf(db)
  const me = db.prepare<[string], WholeUser>(`SELECT ${userColumns}, email FROM users WHERE id = ?`)
  const users = db.prepare<[], User>(`SELECT ${userColumns} FROM users ORDER BY id`)
  const memberships = db.prepare<[string], MembershipRow>(
    'SELECT room, role, since, read, hidden FROM memberships WHERE "user" = ? ORDER BY room',
  )
  const heads = db.prepare<[string], { topic: Topic; head: Seq }>(
    `SELECT topic, head FROM memberships JOIN logs ON logs.topic = 'room:' || memberships.room WHERE "user" = ?`,
  )
  const cursors = (of: UserId): Record<Topic, Seq> => {
    const found: Record<Topic, Seq> = { workspace: head('workspace'), [userTopic(of)]: head(userTopic(of)) }
    for (const row of heads.iterate(of)) found[row.topic] = row.head
    return found
  }
  const snapshot = db.transaction((of: UserId): Snapshot | null => {
    const self = me.get(of)
    if (!self) return null
    const mine = memberships.all(of)
    return {
      workspace: workspace(),
      me: self,
      users: users.all(),
      rooms: rooms(of, 'visible').map(({ members: _, ...room }) => room),
      memberships: mine,
      unread: Object.fromEntries(mine.map(({ room, read }) => [room, unread(room, of, read)])) as Record<
        RoomId,
        number
      >,
      cursors: cursors(of),
    }
  })
  return { snapshot: async of => snapshot(of) }
}
