import type { Database } from 'better-sqlite3'
import Sqlite from 'better-sqlite3'
import type { ErrorCode } from '../../../../contract/codes.ts'
import type { IdempotencyKey } from '../../../core/log/change.ts'
import type { KnownId, Lookup } from '../sql/idempotency.ts'
import { idempotencyLookups } from '../sql/idempotency.ts'
import type { Committed, EncodedChange } from '../sql/jobs.ts'
import { applierOf, IdTaken } from './apply.ts'
import { guardsOf } from './guards.ts'
import type { Logs } from './log.ts'
import { prepare } from './statements.ts'

/** Unique columns that people choose the content of, and the field to tell them. */
const unique: Readonly<Record<string, string>> = {
  'UNIQUE constraint failed: users.folded': 'username',
  'UNIQUE constraint failed: rooms.folded': 'name',
  'UNIQUE constraint failed: users.skeleton': 'username',
  'UNIQUE constraint failed: rooms.skeleton': 'name',
  'UNIQUE constraint failed: users.lower_skeleton': 'username',
  'UNIQUE constraint failed: rooms.lower_skeleton': 'name',
}

/** Ids that somebody else was faster with: each kind of thing has its own. */
const ids =
  /^UNIQUE constraint failed: (users|rooms|messages|tokens|sessions|avatars|deleted_messages|made)\..*\bid$/

const isIdTaken = (error: unknown): boolean =>
  error instanceof IdTaken || (error instanceof Sqlite.SqliteError && ids.test(error.message))

const refused = (code: ErrorCode, field: string | undefined): Committed => ({
  is: 'refused',
  code,
  ...(field !== undefined && { field }),
})

/**
 * Does one Change inside the transaction that is open, or leaves it as it was. Whatever is thrown is a fault of the database or a bug in
 * the change; the savepoint has been undone then, unless SQLite has undone the whole transaction.
 */
export function committerOf(db: Database, logs: Logs): (change: EncodedChange) => Committed {
  const before = knownTo(db)
  const failing = guardsOf(db)
  const apply = applierOf(db, logs)
  const savepoint = db.prepare('SAVEPOINT change')
  const release = db.prepare('RELEASE change')
  const back = db.prepare('ROLLBACK TO change')

  return change => {
    const answer = change.idempotencyKey ? before(change.idempotencyKey) : null
    if (answer) return answer
    const failed = failing(change.guards)
    if (failed) return refused(failed.refuse, failed.field)
    savepoint.run()
    logs.mark()
    try {
      const seqs = apply(change)
      release.run()
      return { is: 'done', seqs }
    } catch (error) {
      if (db.inTransaction) {
        back.run()
        release.run()
        logs.undo()
      }
      if (isIdTaken(error)) return refused('id_taken', undefined)
      const field = error instanceof Sqlite.SqliteError ? unique[error.message] : undefined
      if (field === undefined) throw error
      return refused('taken', field)
    }
  }
}

/** The answer where an id is known; null where it is new. Both lookups are one statement, which ends at the first row that either has. */
function knownTo(db: Database): (idempotencyKey: IdempotencyKey) => Committed | null {
  const prepared = ({ own, elsewhere }: Lookup) =>
    prepare<KnownId>(db, `${own} UNION ALL SELECT 0, 0, 0 FROM (${elsewhere}) LIMIT 1`)
  const by = {
    message: prepared(idempotencyLookups.message),
    room: prepared(idempotencyLookups.room),
    user: prepared(idempotencyLookups.user),
    token: prepared(idempotencyLookups.token),
  }
  return idempotencyKey => {
    const row = by[idempotencyKey.of].get({ ...idempotencyKey })
    if (!row) return null
    if (row.same === 1) return { is: 'already', seq: row.seq, deleted: row.deleted === 1 }
    return { is: 'refused', code: 'id_taken' }
  }
}
