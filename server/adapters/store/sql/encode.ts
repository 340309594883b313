import { encodeEvent } from '../../../../contract/events.ts'
import type { Appended, Change, Outcome } from '../../../core/log/change.ts'
import type { Committed, EncodedChange } from './jobs.ts'

/** An event's one encoding is made here. */
export const encodeChange = (change: Change): EncodedChange => ({
  ...change,
  appends: change.appends.map(({ event, ...where }) => ({ ...where, body: encodeEvent(event) })),
})

/** A commit's answer, with what was appended where it stands. */
export function outcomeOf(change: Change, encoded: EncodedChange, committed: Committed): Outcome {
  if (committed.is !== 'done') return committed
  const appended = change.appends.map(
    ({ topic, event }, n): Appended => ({
      topic,
      seq: committed.seqs[n] ?? 0,
      event,
      body: encoded.appends[n]?.body ?? '',
    }),
  )
  return { is: 'done', appended }
}
