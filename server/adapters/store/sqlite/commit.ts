import type { Database } from 'better-sqlite3'
import Sqlite from 'better-sqlite3'
import type { ErrorCode } from '../../../../contract/codes.ts'
import type { Event } from '../../../../contract/events.ts'
import type { Seq } from '../../../../contract/ids.ts'
import { foldOf } from '../sql/fold.ts'
import { guardsOf } from '../sql/guards.ts'
import type { Committed, EncodedChange } from '../sql/jobs.ts'
import { idsOf } from '../sql/once.ts'
import { rowsOf } from '../sql/rows.ts'
import type { Logs } from './log.ts'

/** Unique columns that people choose the content of, and the field to tell them. */
const unique: Readonly<Record<string, string>> = {
  'UNIQUE constraint failed: users.folded': 'username',
  'UNIQUE constraint failed: rooms.folded': 'name',
  'UNIQUE constraint failed: rooms.slug': 'name',
}

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
  const ids = idsOf(db)
  const failing = guardsOf(db)
  const apply = applierOf(db, logs, ids)
  const savepoint = db.prepare('SAVEPOINT change')
  const release = db.prepare('RELEASE change')
  const back = db.prepare('ROLLBACK TO change')

  return change => {
    const known = change.once ? ids.known(change.once) : null
    if (known) return known
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
      const field = error instanceof Sqlite.SqliteError ? unique[error.message] : undefined
      if (field === undefined) throw error
      return refused('taken', field)
    }
  }
}

/** Appends, folds and writes rows, in this order; answers the seqs. */
function applierOf(
  db: Database,
  logs: Logs,
  ids: ReturnType<typeof idsOf>,
): (change: EncodedChange) => Seq[] {
  const fold = foldOf(db, logs)
  const write = rowsOf(db, logs)
  return change => {
    const seqs = change.appends.map(({ topic, body }) => {
      const event = JSON.parse(body) as Event
      const seq = logs.append(topic, event.at, body)
      fold(topic, event, seq, change.once)
      return seq
    })
    for (const row of change.rows) write(row)
    if (change.once) ids.keep(change.once, seqs[0] ?? 0)
    return seqs
  }
}
