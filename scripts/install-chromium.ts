import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findChromium } from '../tests/support/chromium.ts'

/**
 * Makes sure that there is a Chromium to test with: on Debian or Ubuntu, as root, it is installed from the system's packages.
 *
 * @returns why there is none, as half a sentence; nothing when there is one
 */
export function ensureChromium(): string | undefined {
  if (findChromium()) return undefined
  if (!existsSync('/usr/bin/apt-get'))
    return 'no Chromium is installed, and this system has no apt-get to install it'
  if (process.getuid?.() !== 0)
    return 'no Chromium is installed, and only root may install it: apt-get install chromium'
  console.log('Installing Chromium for the browser tests ...')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const step of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const done = spawnSync('apt-get', ['--quiet', '--quiet', ...step], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (done.status !== 0) return `no Chromium is installed, and \`apt-get ${step.join(' ')}\` failed`
  }
  return findChromium() ? undefined : 'the installed package brought no Chromium that can be found'
}
