import type { Client } from 'pg'
import type { Topic } from '../../../../contract/ids.ts'
import type { Change, Guard } from '../../../core/log/change.ts'
import { definitions, eventParams, redactBody } from '../events/definitions.ts'
import { encodeChange } from '../sql/encode.ts'
import type { Failpoint } from '../sql/failpoint.ts'
import { askedFor } from '../sql/guards.ts'
import type { BatchResult, Committed, EncodedChange, JobResult } from '../sql/jobs.ts'
import { rows, tableRowsOf } from '../sql/rows.ts'
import { takesText } from '../sql/write.ts'
import {
  fieldTaken,
  isConnectionFailure,
  isCrossed,
  isIdTaken,
  isMissing,
  isNotUnique,
  isOfTheChange,
  notTaken,
} from './failures.ts'
import type { ChangeLocks } from './locks.ts'
import { idLocksOf } from './locks.ts'
import type { Program } from './program.ts'
import { CutShort } from './writer-connection.ts'

/** A change on its way: with its events encoded, and what it must hold. */
export interface CommitJob {
  readonly change: Change
  readonly encoded: EncodedChange
  readonly locks: ChangeLocks
}

export const commitJob = (change: Change, locks: ChangeLocks): CommitJob => ({
  change,
  encoded: encodeChange(change),
  locks,
})

/** What the program answers for one change. */
type ChangeAnswer =
  | { readonly seqs: readonly number[] }
  | { readonly already: number; readonly deleted: number }
  | { readonly taken: 1 }
  | { readonly failed: number }

interface Answered {
  readonly answers: readonly ChangeAnswer[]
  readonly redacted: readonly { readonly id: number; readonly body: string; readonly all: boolean }[]
}

/** How often a batch is done again that crossed with another transaction. */
const tries = 5

/**
 * Does batches of changes, each a call of the program: one round trip, and a second where text is to be taken out of earlier events, which
 * is done here as it is for SQLite. A batch that one of its changes spoils is undone and each change done by itself.
 */
export class BatchCommit {
  readonly #program: Program
  readonly #failpoint: Failpoint
  readonly #call: { readonly name: string; readonly text: string }

  constructor(program: Program, failpoint: Failpoint) {
    this.#program = program
    this.#failpoint = failpoint
    this.#call = {
      name: program.commit,
      text: `SELECT ${program.commit}($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text::jsonb) AS answered`,
    }
  }

  /** Answers for each, in their order. */
  readonly commit = async (client: Client, jobs: readonly CommitJob[]): Promise<BatchResult<Committed>> => {
    for (let left = tries; ; left--) {
      try {
        this.#failpoint('before-commit')
        const answers = await this.#attempt(client, jobs)
        this.#failpoint('after-commit-before-reply')
        return { results: jobs.map(({ change }, n) => ({ answer: committedOf(change.guards, answers[n]) })) }
      } catch (error) {
        if (isCrossed(error) && left > 1) continue
        // Another version of Confab took it away, while this node was cut off and it saw none that would call it.
        if (isMissing(error) && left === tries) {
          await client.query(this.#program.install)
          continue
        }
        if (!isOfTheChange(error)) throw error
        if (jobs.length > 1) return this.#eachAlone(client, jobs)
        // Somebody may have made the same at the same time, and has committed now: once more, and its guards see that.
        if (isNotUnique(error) && left === tries) continue
        return { results: [alone(error)] }
      }
    }
  }

  async #eachAlone(client: Client, jobs: readonly CommitJob[]): Promise<BatchResult<Committed>> {
    const results: JobResult<Committed>[] = []
    for (const job of jobs)
      try {
        const result = await this.commit(client, [job])
        if ('results' in result) results.push(...result.results)
      } catch (error) {
        results.push(notTaken(error))
        if (!isConnectionFailure(error)) continue
        const rest = jobs.slice(results.length)
        throw new CutShort([...results, ...rest.map(() => ({ ...notTaken(error), undone: true }))], error)
      }
    return { results }
  }

  async #attempt(client: Client, jobs: readonly CommitJob[]): Promise<readonly ChangeAnswer[]> {
    const values = valuesOf(jobs)
    const run = () => client.query<{ answered: Answered }>({ ...this.#call, values })
    if (!jobs.some(removes)) return answered(await run()).answers
    try {
      const [, result] = await Promise.all([client.query('BEGIN'), run()])
      const { answers, redacted } = answered(result)
      await Promise.all([...(redacted.length > 0 ? [rewrite(client, redacted)] : []), client.query('COMMIT')])
      return answers
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    }
  }
}

const answered = ({ rows }: { rows: { answered: Answered }[] }): Answered =>
  rows[0]?.answered ?? { answers: [], redacted: [] }

function rewrite(client: Client, redacted: Answered['redacted']): Promise<unknown> {
  const bodies = redacted.map(({ body, all }) => redactBody(body, all))
  return client.query({
    name: 'confab_rewrite',
    text: `UPDATE events SET body = better.body FROM unnest($1::bigint[], $2::text[]) AS better (id, body)
      WHERE events.id = better.id`,
    values: [redacted.map(({ id }) => id), bodies],
  })
}

/** Whether it may take text out of earlier events; talk and reading, which come by the thousand, take none. */
const removes = ({ change }: CommitJob): boolean =>
  change.appends.some(({ event }) => takesText(definitions[event.e])) ||
  change.rows.some(({ row }) => takesText(rows[row]))

/** The arguments of the program: what is locked, sorted, and the changes. */
function valuesOf(jobs: readonly CommitJob[]): unknown[] {
  const union = <T extends string>(of: (locks: ChangeLocks) => ReadonlySet<T>): T[] => [
    ...new Set(jobs.flatMap(({ locks }) => [...of(locks)])),
  ]
  const topics = union(locks => locks.topics).sort()
  const owned = union(locks => locks.owned)
  const shared = union(locks => locks.shared).filter(user => !owned.includes(user))
  const at = new Map(topics.map((topic, n) => [topic, n + 1]))
  const { ids, alone } = idLocksOf(jobs.map(({ locks }) => locks))
  return [topics, owned, shared, ids, alone, JSON.stringify(jobs.map(job => argumentOf(job, at)))]
}

function argumentOf({ change, encoded }: CommitJob, at: ReadonlyMap<Topic, number>): object {
  const { idempotencyKey, guards, appends } = change
  return {
    ...(idempotencyKey && { idempotencyKey }),
    guards: guards.map(askedFor),
    appends: appends.map(({ topic, event, creates = false }, n) => ({
      log: at.get(topic),
      e: event.e,
      body: encoded.appends[n]?.body,
      p: eventParams(topic, event, { idempotencyKey, n, creates }),
    })),
    rows: change.rows.flatMap(tableRowsOf),
  }
}

function committedOf(guards: readonly Guard[], answer: ChangeAnswer | undefined): Committed {
  if (!answer) throw new Error('The program answered less than it was asked.')
  if ('seqs' in answer) return { is: 'done', seqs: answer.seqs }
  if ('already' in answer) return { is: 'already', seq: answer.already, deleted: answer.deleted === 1 }
  if ('taken' in answer) return { is: 'refused', code: 'id_taken' }
  const guard = guards[answer.failed]
  if (!guard) throw new Error('The program named a guard that there is not.')
  return { is: 'refused', code: guard.refuse, ...(guard.field !== undefined && { field: guard.field }) }
}

function alone(error: unknown): JobResult<Committed> {
  if (isIdTaken(error)) return { answer: { is: 'refused', code: 'id_taken' } }
  const field = fieldTaken(error)
  if (field !== null) return { answer: { is: 'refused', code: 'taken', field } }
  return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
