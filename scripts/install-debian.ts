import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Something that tests need and npm does not bring. */
export interface Needed {
  /** Its name in a sentence. */
  readonly name: string
  readonly packages: readonly string[]
  find(): string | undefined
  /** Files that stand while it is installed and go afterwards, unless they were there before: path and text. */
  readonly meanwhile?: Readonly<Record<string, string>>
}

/** Debian starts what it installs unless this file says no; see invoke-rc.d(8). It is a program. */
export const startNothing = { '/usr/sbin/policy-rc.d': '#!/bin/sh\nexit 101\n' }

/**
 * Makes sure that it is there: on Debian or Ubuntu, as root, it is installed from the system's packages.
 *
 * @returns why it is not there, as half a sentence; nothing when it is
 */
export function ensureInstalled(needed: Needed): string | undefined {
  const { name, packages, find } = needed
  if (find()) return undefined
  if (!existsSync('/usr/bin/apt-get'))
    return `no ${name} is installed, and this system has no apt-get to install it`
  const command = `apt-get install ${packages.join(' ')}`
  if (process.getuid?.() !== 0) return `no ${name} is installed, and only root may install it: ${command}`
  console.log(`Installing ${name} for the tests ...`)
  const made = Object.entries(needed.meanwhile ?? {}).filter(([path]) => !existsSync(path))
  try {
    for (const [path, text] of made) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text, { mode: 0o755 })
    }
    const failed = install(packages)
    if (failed) return `no ${name} is installed, and \`${failed}\` failed`
  } finally {
    for (const [path] of made) rmSync(path, { force: true })
  }
  return find() ? undefined : `the installed package brought no ${name} that can be found`
}

/** Answers the command that failed. */
function install(packages: readonly string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const step of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const done = spawnSync('apt-get', ['--quiet', '--quiet', ...step], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (done.status !== 0) return `apt-get ${step.join(' ')}`
  }
  return undefined
}
