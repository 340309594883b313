import type { Answer } from '../answer.ts'
import type { Sentences } from '../refusals.ts'
import { refusalOf } from '../refusals.ts'
import type { Change, Condition, Guard, Outcome } from './change.ts'
import type { Writer } from './writer.ts'

export type Taken = Exclude<Outcome, { is: 'refused' }>

/** What reading led to: nothing to write and the answer, or a change and the answer after it. */
export type Step<T> =
  | { readonly answer: Answer<T> }
  | { readonly change: Change; readonly done: (outcome: Taken) => Answer<T> | Promise<Answer<T>> }

/** How often a change is built again before its caller is told that others are faster. */
const tries = 8

/** A guard on what a change was built from. Where it fails the change is built again; the caller hears nothing of it. */
export const fresh = (condition: Condition): Guard => ({ ...condition, refuse: 'changed' })

/** Reads and writes, and begins again where what was read moved before it was written. */
export async function write<T>(
  writer: Writer,
  step: () => Promise<Step<T>>,
  say: Sentences = {},
): Promise<Answer<T>> {
  for (let left = tries; ; left--) {
    const next = await step()
    if ('answer' in next) return next.answer
    const outcome = await writer.commit(next.change)
    if (outcome.is !== 'refused') return next.done(outcome)
    if (outcome.code !== 'changed' || left === 1) return refusalOf(outcome, say)
  }
}

const whole: Change = { guards: [], appends: [], rows: [] }
/** A change of the parts named. */
export const change = (parts: Partial<Change>): Change => ({ ...whole, ...parts })
