import type { UserId } from '../../../../contract/ids.ts'
import type { Store, WorkspaceState } from '../../../core/ports/store.ts'
import type { WholeUser } from './columns.ts'
import { userColumns } from './columns.ts'
import { headOf } from './read-logs.ts'
import type { Reading } from './reading.ts'
import { all, allReadings, one } from './reading.ts'

const select = `SELECT ${userColumns}, email FROM users`
const byId = `${select} WHERE id = ?`
const byName = `${select} WHERE folded = ?`
const byIds = `${select} WHERE id = ANY(?) ORDER BY id`
const page = `${select} WHERE id > ? ORDER BY id LIMIT ?`

export function* selectWorkspace(): Reading<WorkspaceState> {
  const row = yield* one<Omit<WorkspaceState, 'setUp'> & { setUp: number }>(
    'SELECT epoch, name, set_up AS "setUp", salt FROM workspace',
  )
  if (!row) throw new Error('The database has no workspace row.')
  return { ...row, setUp: row.setUp === 1 }
}

export function* selectUser(id: UserId): Reading<WholeUser | null> {
  return (yield* one<WholeUser>(byId, id)) ?? null
}

export function* userNamed(folded: string): Reading<WholeUser | null> {
  return (yield* one<WholeUser>(byName, folded)) ?? null
}

export function* users(which: Parameters<Store['users']>[0]): Reading<{ users: WholeUser[]; seq: number }> {
  const these =
    'ids' in which ? all<WholeUser>(byIds, which.ids) : all<WholeUser>(page, which.after ?? '', which.limit)
  const [found, seq] = yield* allReadings(these, headOf('workspace'))
  return { users: found, seq }
}

export function* passwordless(ids: readonly UserId[]): Reading<UserId[]> {
  const rows = yield* all<{ id: UserId }>(
    `SELECT id FROM users WHERE id = ANY(?) AND state IN ('active', 'deactivated')
       AND NOT EXISTS (SELECT 1 FROM credentials WHERE credentials."user" = users.id) ORDER BY id`,
    ids,
  )
  return rows.map(row => row.id)
}

export function* purges(): Reading<UserId[]> {
  const rows = yield* all<{ user: UserId }>('SELECT "user" FROM purges ORDER BY "user"')
  return rows.map(row => row.user)
}
