import type { Config } from '../../config.ts'
import { s3Of } from '../../s3-settings.ts'
import type { Finding } from './finding.ts'
import { ok, warn } from './finding.ts'

/** Whether what several nodes need to be one workspace is there together. */
export function checkSharing(config: Config): Finding[] {
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
