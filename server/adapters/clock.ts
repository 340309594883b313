import type { Clock } from '../core/ports/clock.ts'

const held = (timer: NodeJS.Timeout): Disposable => {
  timer.unref()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, then) => held(setTimeout(then, ms)),
  every: (ms, then) => held(setInterval(then, ms)),
}
