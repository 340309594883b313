import type { Database } from 'better-sqlite3'
import type { ErrorCode } from '../../../../contract/codes.ts'
import type { Event } from '../../../../contract/events.ts'
import type { RoomId, Seq, Topic, UserId } from '../../../../contract/ids.ts'
import { roomTopic, userTopic } from '../../../../contract/ids.ts'
import type { IdempotencyKey } from '../../../core/log/change.ts'
import { definitions, eventParams } from '../events/definitions.ts'
import type { KnownId, Lookup } from '../sql/idempotency.ts'
import { idempotencyLookups, keepId } from '../sql/idempotency.ts'
import type { Committed, EncodedChange } from '../sql/jobs.ts'
import { rows, tableRowsOf } from '../sql/rows.ts'
import type { WriteStep } from '../sql/write.ts'
import { IdTaken, isIdClash, wordTaken } from './failures.ts'
import { guardsOf } from './guards.ts'
import type { Logs } from './log.ts'
import { prepare } from './statements.ts'

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
      if (isIdClash(error)) return refused('id_taken', undefined)
      const field = wordTaken(error)
      if (field === null) throw error
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

type Given = Record<string, string | number | null>
type Apply = (topic: Topic, given: Given) => void

/** Appends, folds and writes rows, in this order; answers the seqs. */
function applierOf(db: Database, logs: Logs): (change: EncodedChange) => Seq[] {
  const perform = performerOf(db, logs)
  const fold = stepsOf(definitions, perform)
  const write = stepsOf(rows, perform)
  const kept = prepare(db, keepId)
  return ({ idempotencyKey, appends, rows: writes }) => {
    const seqs = appends.map(({ topic, body, creates = false }, n) => {
      // To carry the event as an object beside its encoding costs as much as parsing it (decision 0010).
      const event = JSON.parse(body) as Event
      const seq = logs.append(topic, event.at, body)
      fold[event.e](topic, { ...eventParams(topic, event, { idempotencyKey, n, creates }), seq })
      return seq
    })
    for (const one of writes) for (const { row, p } of tableRowsOf(one)) write[row]('workspace', { ...p })
    if (idempotencyKey && idempotencyKey.of !== 'message') kept.run({ ...idempotencyKey, seq: seqs[0] ?? 0 })
    return seqs
  }
}

/** For each name, all of its steps. */
function stepsOf<Name extends string>(
  written: Readonly<Record<Name, { readonly steps: readonly WriteStep[] }>>,
  perform: (step: WriteStep) => Apply,
): Readonly<Record<Name, Apply>> {
  const all = Object.entries<{ readonly steps: readonly WriteStep[] }>(written).map(([name, { steps }]) => {
    const performed = steps.map(perform)
    const apply: Apply = (topic, given) => {
      for (const step of performed) step(topic, given)
    }
    return [name, apply]
  })
  return Object.fromEntries(all)
}

const performerOf =
  (db: Database, logs: Logs) =>
  (step: WriteStep): Apply => {
    if ('redact' in step) return redaction(db, logs, step)
    if ('close' in step)
      return (_, given) => {
        given.head = logs.close(roomTopic(given.id as RoomId))
      }
    if ('refuseIfIdInUse' in step) {
      const uses = prepare(db, step.refuseIfIdInUse)
      const { unlessLookedUp = false } = step
      return (_, given) => {
        if (unlessLookedUp && given.lookedUp === 1) return
        if (uses.get(given) !== undefined) throw new IdTaken()
      }
    }
    const { run } = prepare(db, step.run)
    const { found } = step
    if (found === undefined) return (_, given) => void run(given)
    return (_, given) => {
      if (run(given) !== 1) throw new Error(`There is no ${found}.`)
    }
  }

function redaction(db: Database, logs: Logs, step: Extract<WriteStep, { redact: string }>): Apply {
  const seqs = prepare<Record<string, Seq>>(db, step.redact)
  return (topic, given) => {
    const of = step.of === 'user' ? userTopic(given.id as UserId) : topic
    for (const row of seqs.all(given)) for (const seq of Object.values(row)) logs.redact(of, seq, step.all)
  }
}
