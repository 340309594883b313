/** Time comes in here, so that tests can hold it. `now`: Unix ms. `monotonic`: ms that never go back. Timers do not keep a process alive. */
export interface Clock {
  now(): number
  monotonic(): number
  after(ms: number, then: () => void): Disposable
  every(ms: number, then: () => void): Disposable
}
