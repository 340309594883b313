import { parseArgs } from 'node:util'
import type { Inside } from '../../../app.ts'
import { buildInside } from '../../../app.ts'
import type { Config } from '../../../config.ts'
import { pathOf, readConfig } from '../../../config.ts'
import { placeForTrial } from '../../../copies/trial-place.ts'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { sourceIdentity } from './identity.ts'
import { openMedia } from './media.ts'
import { keysOf, planImport, readRows } from './plan.ts'
import { progressBar } from './progress.ts'
import { ImportRefusal } from './refusal.ts'
import { reportLines } from './report.ts'
import { messageTexts } from './rows.ts'
import { openSource } from './source.ts'
import { findTables } from './tables.ts'
import { dry, storeTarget } from './target.ts'
import { writePlan } from './write-rooms.ts'

const usage = `Usage, while the server and the ChatApp are stopped:
  import django --database <db.sqlite3> [--media <folder>] [--data <directory>] [--dry-run]
--dry-run tells what would come and what would not, and writes nothing.`

interface Asked {
  readonly database: string
  readonly media: string | undefined
  readonly data: string | undefined
  readonly dryRun: boolean
}

/** Where the report and the refusals are told. */
export interface Say {
  log(line: string): void
  error(line: string): void
}

/**
 * Brings a Django ChatApp's users, pictures, rooms and messages into the data directory. Answers the exit code: 0 done, 1 refused (and
 * what was refused before it began has changed nothing), 2 called wrongly.
 */
export async function importDjango(args: readonly string[], say: Say = console): Promise<number> {
  const asked = readAsked(args)
  if (!asked) {
    say.error(usage)
    return 2
  }
  const read = readConfig(asked.data === undefined ? {} : { data: asked.data })
  if ('wrong' in read) {
    for (const sentence of read.wrong) say.error(sentence)
    return 2
  }
  try {
    for (const line of await bring(asked, { ...read.config, log: 'error' })) say.log(line)
    return 0
  } catch (error) {
    if (!(error instanceof CannotOpen || error instanceof ImportRefusal)) throw error
    say.error(error.message)
    return 1
  }
}

function readAsked(args: readonly string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        database: { type: 'string' },
        media: { type: 'string' },
        data: { type: 'string' },
        'dry-run': { type: 'boolean' },
      },
    })
    if (positionals.length !== 1 || positionals[0] !== 'django' || !values.database) return null
    const { database, media, data } = values
    const paths = { database: pathOf(database), media: media === undefined ? media : pathOf(media) }
    return { ...paths, data, dryRun: values['dry-run'] === true }
  } catch {
    return null
  }
}

/** Everything is read and decided before the first thing is written. */
async function bring(asked: Asked, config: Config): Promise<string[]> {
  using source = openSource(asked.database)
  const tables = findTables(source)
  const rows = readRows(source, tables)
  const media = asked.media === undefined ? null : openMedia(asked.media)
  using place = asked.dryRun ? await placeForTrial(config) : null
  await using inside = await buildInside(place?.config ?? config)
  const target = targetOf(inside, asked.dryRun)
  const identity = sourceIdentity(source, tables)
  const present = await target.present(identity, keysOf(rows))
  const plan = planImport(rows, { identity, present, now: inside.clock.now() })
  const bar = progressBar(process.stderr, { total: rows.messages.ids.length, what: 'messages' })
  try {
    const textOf = messageTexts(source, tables)
    const means = { target, pictures: inside.pictures, media, textOf, progress: bar.done }
    const written = await writePlan(plan, means)
    const setUpPending = await target.setUpPending()
    return reportLines(plan, { rows, written, dryRun: asked.dryRun, media: media !== null, setUpPending })
  } finally {
    bar.end()
  }
}

const targetOf = ({ store, files }: Inside, dryRun: boolean) => {
  const target = storeTarget(store, files)
  return dryRun ? dry(target) : target
}
