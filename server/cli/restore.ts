import { pathOf } from '../config.ts'
import { counted } from '../copies/counted.ts'
import { shown } from '../copies/places.ts'
import { tellTables } from '../copies/progress.ts'
import { restore as restoreWorkspace } from '../copies/restore.ts'
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
  restore --from <backup> [--to <directory or postgres://...>] [--replace] [--data <directory>]
Unless --to says otherwise it goes to where the settings say the workspace is. With --replace what people use there is kept aside.`

/** Brings a backup back. */
export function restoreCommand(args: readonly string[]): Promise<number> {
  return runCopying(usage, async () => {
    const text = { type: 'string' } as const
    const flags = flagsOf(args, { from: text, to: text, data: text, replace: { type: 'boolean' } })
    if (!flags.from) throw wronglyCalled()
    const config = configOf(flags.data)
    const to = flags.to === undefined ? placeOfConfig(config) : placeOfFlag('to', flags.to, config)
    const { manifest, files, missing } = await restoreWorkspace(pathOf(flags.from), {
      to,
      replace: flags.replace ?? false,
      now: Date.now(),
      watch: tellTables(process.stdout),
    })
    console.log(
      `${JSON.stringify(manifest.workspace)} is back in ${await shown(to)} as it was at ${manifest.taken}, with ${counted(files, 'file')}.`,
    )
    tellMissing(missing)
  })
}
