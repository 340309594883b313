/** Takes measured values, and keeps no more of them than how many there were of which size. It never waits and never throws. */
export interface Meter {
  observe(value: number): void
}
