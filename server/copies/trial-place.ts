import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUnused } from '../adapters/store/postgres/reach.ts'
import type { Config } from '../config.ts'

/**
 * Where a trial looks that is to leave nothing behind: at what is there, and in place of a data directory or a database that holds no
 * workspace yet, at an empty one that goes with it.
 */
export async function placeForTrial(config: Config): Promise<{ readonly config: Config } & Disposable> {
  const { databaseUrl } = config
  const place =
    databaseUrl !== null && (await isUnused(databaseUrl)) ? { ...config, databaseUrl: null } : config
  if (isThere(config.data) && place.databaseUrl === databaseUrl)
    return { config: place, [Symbol.dispose]: () => {} }
  const data = mkdtempSync(join(tmpdir(), 'confab-dry-run-'))
  return {
    config: { ...place, data },
    [Symbol.dispose]: () => rmSync(data, { recursive: true, force: true }),
  }
}

function isThere(data: string): boolean {
  try {
    return readdirSync(data).length > 0
  } catch {
    return false
  }
}
