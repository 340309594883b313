import { pathOf } from '../config.ts'
import { backUp } from '../copies/backup.ts'
import { counted } from '../copies/counted.ts'
import { tellTables } from '../copies/progress.ts'
import { configOf, flagsOf, placeOfConfig, runCopying, tellMissing, wronglyCalled } from './copying.ts'

const usage = `Usage: backup --to <folder> [--keep <number>] [--data <directory>]
Writes a new folder into that one, named by the time. --keep leaves only so many of the newest. The server may run meanwhile.`

/** Backs a workspace up, and says where it is. */
export function backup(args: readonly string[]): Promise<number> {
  return runCopying(usage, async () => {
    const text = { type: 'string' } as const
    const flags = flagsOf(args, { to: text, keep: text, data: text })
    if (!flags.to) throw wronglyCalled()
    if (flags.keep !== undefined && !/^[1-9]\d{0,5}$/.test(flags.keep))
      throw wronglyCalled('--keep must be a whole number from 1 to 999999.')
    const { folder, tables, files, removed, missing } = await backUp(placeOfConfig(configOf(flags.data)), {
      to: pathOf(flags.to),
      keep: flags.keep === undefined ? null : Number(flags.keep),
      now: () => Date.now(),
      watch: tellTables(process.stdout),
    })
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    console.log(
      `${folder} holds ${counted(rows, 'row')} and ${counted(files, 'file')}, read back and the same.`,
    )
    for (const name of removed) console.log(`${name} was taken away.`)
    tellMissing(missing)
  })
}
