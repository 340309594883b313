import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/** The part of Playwright's inner frame that retries what a locator waits for. */
interface InnerFrame {
  retryWithProgressAndBackoff(progress: unknown, action: unknown): unknown
  retryWithProgressAndTimeouts(progress: unknown, pauses: readonly number[], action: unknown): unknown
}

/** Milliseconds before each retry; the last of them from then on. */
const pauses = [20, 50, 50, 100]

/**
 * Has locators retried every 100 ms. Playwright itself retries every 500 ms once 270 ms have passed, which costs a test a quarter of a second
 * for each thing that appears later than that, and has no option for it.
 */
export function pollFrequently(page: Page): void {
  const { toImpl } = Reflect.get(page, '_connection') as { toImpl(of: unknown): InnerFrame }
  const frames = Object.getPrototypeOf(toImpl(page.mainFrame())) as InnerFrame
  assert.ok(frames.retryWithProgressAndBackoff, 'Playwright retries in another way than this file expects.')
  frames.retryWithProgressAndBackoff = function (this: InnerFrame, progress, action) {
    return this.retryWithProgressAndTimeouts(progress, pauses, action)
  }
}
