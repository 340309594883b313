import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUnused } from '../adapters/store/postgres/admin-connection.ts'
import { databaseFile } from '../adapters/store/sqlite/connection.ts'
import type { Config } from '../config.ts'
import { see } from './places.ts'

/**
 * Where a trial looks that is to leave nothing behind: at what is there, and in place of a data directory or a database that holds no
 * workspace yet, at an empty one that goes with it.
 * @throws CannotOpen where what is there is in an older schema: opening it would bring it up to date.
 */
export async function placeForTrial(config: Config): Promise<{ readonly config: Config } & Disposable> {
  const { databaseUrl } = config
  const place =
    databaseUrl !== null && (await isUnused(databaseUrl)) ? { ...config, databaseUrl: null } : config
  await refuseOlder(place)
  if (isThere(config.data) && place.databaseUrl === databaseUrl)
    return { config: place, [Symbol.dispose]: () => {} }
  const data = mkdtempSync(join(tmpdir(), 'confab-dry-run-'))
  return {
    config: { ...place, data },
    [Symbol.dispose]: () => rmSync(data, { recursive: true, force: true }),
  }
}

async function refuseOlder({ databaseUrl, data }: Config): Promise<void> {
  if (databaseUrl === null && !existsSync(databaseFile(data))) return
  await using _ = await see(
    databaseUrl === null ? { is: 'sqlite', data } : { is: 'postgres', url: databaseUrl, data },
  )
}

function isThere(data: string): boolean {
  try {
    return readdirSync(data).length > 0
  } catch {
    return false
  }
}
