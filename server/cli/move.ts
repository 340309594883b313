import { counted } from '../copies/counted.ts'
import { move as moveWorkspace } from '../copies/move.ts'
import { shown } from '../copies/places.ts'
import { tellTables } from '../copies/progress.ts'
import {
  configOf,
  flagsOf,
  placeOfConfig,
  placeOfFlag,
  runCopying,
  tellMissing,
  wronglyCalled,
} from './copying.ts'

const usage = `Usage, while every server is stopped:
  move --to postgres://...                        from the data directory
  move --from postgres://... --to <directory>     back
An address that is not given is that of CONFAB_DATABASE_URL. --data <directory> names the data directory, which holds the files of both.`

/** Moves a workspace, and says what to do next. What was interrupted goes on when it is called again. */
export function moveCommand(args: readonly string[]): Promise<number> {
  return runCopying(usage, async () => {
    const text = { type: 'string' } as const
    const flags = flagsOf(args, { from: text, to: text, data: text })
    const config = configOf(flags.data)
    const word = flags.to ?? config.databaseUrl
    if (!word) throw wronglyCalled()
    const to = placeOfFlag('to', word, config)
    const from =
      flags.from !== undefined
        ? placeOfFlag('from', flags.from, config)
        : to.is === 'postgres'
          ? placeOfConfig({ ...config, databaseUrl: null })
          : placeOfConfig(config)
    const moved = await moveWorkspace(from, to, Date.now(), tellTables(process.stdout))
    if (!moved) return console.log(`It was moved to ${await shown(to)} before. There is nothing to do.`)
    const { tables, files, missing } = moved
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    console.log(
      `Moved: ${counted(rows, 'row')} and ${counted(files, 'file')}, each the same on both sides.\n` +
        (to.is === 'postgres'
          ? `Start Confab with CONFAB_DATABASE_URL set to ${await shown(to)} and this data directory, which still holds the files.`
          : `Start Confab with CONFAB_DATA set to ${to.data}, and without CONFAB_DATABASE_URL.`) +
        `\nWhat was at ${await shown(from)} is left there, and no server opens it.`,
    )
    tellMissing(missing)
  })
}
