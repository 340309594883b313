import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './finding.ts'
import { fail, ok, warn } from './finding.ts'

/** The first that has argon2 (node:crypto), which passwords are hashed with. */
const oldestNode = [24, 7] as const
/** When this was written: no clock that is right shows less. */
const earliest = Date.UTC(2026, 10, 1)

/** Fewer are soon used up: each person has one socket or more. */
const fewFiles = 4_096

export interface ProgramFacts {
  /** As process.versions.node. */
  readonly node: string
  readonly confab: string
  /** Unix ms. */
  readonly now: number
  /** The folder of the built page. */
  readonly page: string
  /** How many files a process may have open; null where the system does not tell. */
  readonly mostFiles: number | null
}

/** What it runs on, and what it is. */
export function checkProgram({ node, confab, now, page, mostFiles }: ProgramFacts): Finding[] {
  return [
    ok(`This is Confab ${confab}.`),
    nodeIs(node),
    ...filesAre(mostFiles),
    existsSync(join(page, 'index.html'))
      ? ok('The page is built.')
      : fail('The page is not built: browsers get none.', 'Run `npm run build`.'),
    now >= earliest
      ? ok(`The clock shows ${new Date(now).toISOString()}.`)
      : fail(
          `The clock shows ${new Date(now).toISOString()}, which is past.`,
          'Set the clock, and keep it right with systemd-timesyncd, chrony or the like.',
        ),
  ]
}

/** Every connection is one. */
function filesAre(most: number | null): Finding[] {
  if (most === null) return []
  if (most >= fewFiles) return [ok(`A process may have ${most} files and connections open.`)]
  return [
    warn(
      `A process may have only ${most} files and connections open: connections above about ${Math.floor(0.75 * most)} are refused.`,
      'Raise the limit where Confab is started: `ulimit -n 65536`, or LimitNOFILE=65536 in its systemd unit.',
    ),
  ]
}

function nodeIs(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [first, since] = oldestNode
  const old = major < first || (major === first && minor < since)
  if (old) return fail(`Node is ${version}.`, `Install Node ${first}.${since} or newer, an LTS release.`)
  if (major % 2 === 1)
    return warn(`Node is ${version}, no LTS release.`, `Install an LTS release, such as ${first}.`)
  return ok(`Node is ${version}.`)
}
