import assert from 'node:assert/strict'
import { once } from 'node:events'

/** What a promise comes to, which it does within a bound that is promised, in ms: thrice over, because the machine is busy. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(3 * ms)
  return await Promise.race([
    promise,
    once(late, 'abort').then(() => assert.fail(`${what} took longer than ${3 * ms} ms, thrice its bound`)),
  ])
}
