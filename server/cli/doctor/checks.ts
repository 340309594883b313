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
import { fail, ok, warn } from './finding.ts'
import { checkPostgres } from './postgres.ts'
import { checkProgram } from './program.ts'
import { checkRedis } from './redis.ts'
import { checkSqlite } from './sqlite.ts'
import { checkMarks, checkStorage } from './storage.ts'

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

/** Whether what several nodes need to be one workspace is there together. */
function checkSharing(config: Config): Finding[] {
  if (config.redisUrl && !config.databaseUrl)
    return [
      warn(
        'CONFAB_REDIS_URL is set, but the data is in SQLite, which one node has to itself.',
        'Set CONFAB_DATABASE_URL for several nodes, or unset CONFAB_REDIS_URL for one.',
      ),
    ]
  if (!config.redisUrl) return [ok(`This node is alone, on ${config.databaseUrl ? 'PostgreSQL' : 'SQLite'}.`)]
  if (s3Of(config)) return [ok('This is one of several nodes, with files on storage that all of them reach.')]
  return [
    warn(
      'This is one of several nodes, and files are in its data directory.',
      'Give all nodes one directory if they are on one machine, else set the CONFAB_S3_ settings.',
    ),
  ]
}
