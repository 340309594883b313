import type { Change, Outcome } from './change.ts'

/** Where core writes: what is committed is also announced to whoever listens. Rejects with `Unavailable` as the Store does. */
export interface Writer {
  commit(change: Change): Promise<Outcome>
}
