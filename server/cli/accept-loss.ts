import { existsSync } from 'node:fs'
import { databaseFile } from '../adapters/store/sqlite/connection.ts'
import { acceptLoss } from '../adapters/store/sqlite/last-known.ts'
import { CannotOpen } from '../core/ports/failures.ts'
import { configOf, flagsOf, runCopying } from './copying.ts'

const usage = 'Usage, while the server is stopped: accept-loss [--data <directory>]'

/** What a start refuses to do by itself: the workspace goes on with what is there, and every client begins anew. */
export function acceptLossOf(args: readonly string[]): Promise<number> {
  return runCopying(usage, async () => {
    const { data: directory } = configOf(flagsOf(args, { data: { type: 'string' } }).data)
    if (!existsSync(databaseFile(directory)))
      throw new CannotOpen(`There is no database of Confab in ${directory}.`)
    const missing = acceptLoss(directory, Date.now())
    console.log(
      missing === 0
        ? 'Nothing is missing: the server starts as it is.'
        : `The workspace goes on without ${missing} of its events. Browsers read it anew when they connect.`,
    )
  })
}
