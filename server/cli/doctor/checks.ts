import { join } from 'node:path'
import { systemClock } from '../../adapters/clock.ts'
import { readDiskFiles } from '../../adapters/files/disk.ts'
import { reasonOf } from '../../adapters/reason.ts'
import { mostFiles } from '../../adapters/workload.ts'
import type { Config } from '../../config.ts'
import { s3Of } from '../../s3-settings.ts'
import { versionOf } from '../../version.ts'
import { checkAddress } from './address.ts'
import { checkDirectory } from './directory.ts'
import type { Finding } from './finding.ts'
import { fail } from './finding.ts'
import { checkMarks } from './marks.ts'
import { checkPostgres } from './postgres.ts'
import { checkProgram } from './program.ts'
import { checkRedis } from './redis.ts'
import { checkSharing } from './sharing.ts'
import { checkSqlite } from './sqlite.ts'
import { checkStorage } from './storage.ts'

/** A finding under the name of what was looked at. */
export type NamedFinding = Finding & { readonly of: string }

const onDisk = (directory: string) => readDiskFiles(join(directory, 'files'))

const page = join(import.meta.dirname, '..', '..', '..', 'dist', 'web')

/** What can be told without settings that can be read. */
export function aboutProgram(): NamedFinding[] {
  const facts = {
    node: process.versions.node,
    confab: versionOf(),
    now: Date.now(),
    page,
    mostFiles: mostFiles(),
  }
  return checkProgram(facts).map(finding => ({ of: 'program', ...finding }))
}

/** Everything that is set up, one after the other. No check ends the others. */
export async function* checks(config: Config): AsyncIterable<NamedFinding> {
  const { data: directory, databaseUrl, redisUrl } = config
  const place = s3Of(config)
  const uid = process.getuid?.()
  const all: [string, () => Finding[] | Promise<Finding[]>, unknown?][] = [
    ['nodes', () => checkSharing(config)],
    ['data', () => checkDirectory({ directory, database: !databaseUrl, uid })],
    databaseUrl
      ? ['postgresql', () => checkPostgres(databaseUrl, systemClock)]
      : ['sqlite', () => checkSqlite(directory)],
    ...(redisUrl
      ? [['redis', () => checkRedis(redisUrl, systemClock.monotonic)] as [string, () => Promise<Finding[]>]]
      : []),
    ['files', async () => (place ? checkStorage(place, systemClock) : [await checkMarks(onDisk(directory))])],
    ['address', () => checkAddress(config)],
  ]
  for (const [of, check] of all) for (const finding of await found(check)) yield { of, ...finding }
}

async function found(check: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check()
  } catch (error) {
    return [
      fail(`It could not be looked at: ${reasonOf(error)}.`, 'Tell whoever makes Confab, with this line.'),
    ]
  }
}
