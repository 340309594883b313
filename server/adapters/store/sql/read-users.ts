import type { Database } from 'better-sqlite3'
import type { UserId } from '../../../../contract/ids.ts'
import type { Store, WorkspaceState } from '../../../core/ports.ts'
import type { WholeUser } from './columns.ts'
import { userColumns } from './columns.ts'
import { headOf } from './read-logs.ts'

type Which = Parameters<Store['users']>[0]

export function workspaceOf(db: Database): () => WorkspaceState {
  const row = db.prepare<[], Omit<WorkspaceState, 'setUp'> & { setUp: number }>(
    'SELECT epoch, name, set_up AS setUp, salt FROM workspace',
  )
  return () => {
    const workspace = row.get()
    if (!workspace) throw new Error('The database has no workspace row.')
    return { ...workspace, setUp: workspace.setUp === 1 }
  }
}

export function readUsers(
  db: Database,
): Pick<Store, 'workspace' | 'user' | 'userNamed' | 'users' | 'purges'> {
  const select = `SELECT ${userColumns}, email FROM users`
  const workspace = workspaceOf(db)
  const head = headOf(db)
  const user = db.prepare<[string], WholeUser>(`${select} WHERE id = ?`)
  const named = db.prepare<[string], WholeUser>(`${select} WHERE folded = ?`)
  const some = db.prepare<[string], WholeUser>(
    `${select} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`,
  )
  const page = db.prepare<[string, number], WholeUser>(`${select} WHERE id > ? ORDER BY id LIMIT ?`)
  const purges = db.prepare<[], UserId>('SELECT "user" FROM purges ORDER BY "user"').pluck()
  const users = db.transaction((which: Which) => ({
    users: 'ids' in which ? some.all(JSON.stringify(which.ids)) : page.all(which.after ?? '', which.limit),
    seq: head('workspace'),
  }))
  return {
    workspace: async () => workspace(),
    user: async id => user.get(id) ?? null,
    userNamed: async folded => named.get(folded) ?? null,
    users: async which => users(which),
    purges: async () => purges.all(),
  }
}
