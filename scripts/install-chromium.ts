import { findChromium } from '../tests/support/chromium.ts'
import { ensureInstalled } from './install-debian.ts'

/**
 * Makes sure that there is a Chromium to test with.
 *
 * @returns why there is none, as half a sentence; nothing when there is one
 */
export const ensureChromium = (): string | undefined =>
  ensureInstalled({ name: 'Chromium', packages: ['chromium'], find: findChromium })
