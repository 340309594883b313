import { acceptLoss } from '../copies/accept-loss.ts'
import { configOf, flagsOf, runCopying } from './copying.ts'

const usage = 'Usage, while the server is stopped: accept-loss [--data <directory>]'

/** What a start refuses to do by itself: the workspace goes on with what is there, and every client begins anew. */
export function acceptLossOf(args: readonly string[]): Promise<number> {
  return runCopying(usage, async () => {
    const { data } = configOf(flagsOf(args, { data: { type: 'string' } }).data)
    const missing = acceptLoss(data, Date.now())
    console.log(
      missing === 0
        ? 'Nothing is missing: the server starts as it is.'
        : `The workspace goes on without ${missing} of its events. Browsers read it anew when they connect.`,
    )
  })
}
