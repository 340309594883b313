import type { Database } from 'better-sqlite3'
import type { Event } from '../../../../contract/events.ts'
import type { RoomId, Seq, Topic, UserId } from '../../../../contract/ids.ts'
import { roomTopic, userTopic } from '../../../../contract/ids.ts'
import { definitions, eventParams } from '../events/definitions.ts'
import { keepId } from '../sql/idempotency.ts'
import type { EncodedChange } from '../sql/jobs.ts'
import { rows, tableRowsOf } from '../sql/rows.ts'
import type { WriteStep } from '../sql/write.ts'
import type { Logs } from './log.ts'
import { prepare } from './statements.ts'

type Given = Record<string, string | number | null>
type Apply = (topic: Topic, given: Given) => void

/** What was to be made has an id that is in use. */
export class IdTaken extends Error {}

/** Appends, folds and writes rows, in this order; answers the seqs. */
export function applierOf(db: Database, logs: Logs): (change: EncodedChange) => Seq[] {
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
