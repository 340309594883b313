import { findChromium, findHeadlessShell } from '../tests/support/chromium.ts'
import { ensureInstalled } from './install-debian.ts'

/**
 * Makes sure that there is a Chromium to test with: its headless shell where that can be had, else a whole one.
 *
 * @returns why there is none, as half a sentence; nothing when there is one
 */
export const ensureChromium = (): string | undefined =>
  ensureInstalled({ name: 'Chromium', packages: ['chromium-headless-shell'], find: findHeadlessShell }) &&
  ensureInstalled({ name: 'Chromium', packages: ['chromium'], find: findChromium })
