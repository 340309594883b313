import { CannotOpen } from '../../../core/ports/failures.ts'
import { steps } from './schema.ts'

/**
 * Why a database cannot be used, and what to do: whole sentences. Each stands once, in the `problems.ts` of its database: a start refuses with
 * it, and the doctor tells it.
 */
export interface Problem {
  readonly says: string
  readonly fix: string
}

/** @throws CannotOpen where there is one. */
export function refuseToOpen(problem: Problem | null, cause?: unknown): void {
  if (problem) throw new CannotOpen(`${problem.says} ${problem.fix}`, { cause })
}

/** `what`: the database, as the beginning of a sentence. */
export const newerSchema = (what: string, taken: number, known = steps.length): Problem | null =>
  taken <= known
    ? null
    : {
        says: `${what} was written by a newer Confab (schema ${taken}; this one knows ${known}).`,
        fix: 'Start the newer Confab, or restore the backup made before it was started.',
      }
