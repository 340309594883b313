import { limits } from '../../contract/limits.ts'
import type { OperationContext } from './context.ts'
import { resumePurges } from './operations/users/purges.ts'

const secondMs = 1_000
const minuteMs = 60_000
/** A purge goes on here when the node that did it ended. */
const purgesMs = 10 * minuteMs
const dayMs = 24 * 60 * minuteMs

/**
 * What is done by the clock and by nobody's call: sessions and tokens end, logs are trimmed, files without a row go, interrupted purges go
 * on. Every node does it, and what two of them do at once is done once. Dispose of the answer to end it.
 */
export function keepHouse(context: OperationContext): Disposable {
  const rounds = [
    context.clock.every(secondMs, () => lookForSetUp(context)),
    context.clock.every(minuteMs, () => eachMinute(context)),
    context.clock.every(purgesMs, () => context.background(() => resumePurges(context))),
    context.clock.every(dayMs, () => daily(context)),
  ]
  eachMinute(context)
  daily(context)
  context.background(() => resumePurges(context))
  return {
    [Symbol.dispose]: () => {
      for (const round of rounds) round[Symbol.dispose]()
    },
  }
}

/** Another node may be the one that is set up. It is asked for until then, and an answer that fails is asked for again. */
function lookForSetUp(context: OperationContext): void {
  if (!context.workspace.setUp) void context.workspace.look().catch(() => {})
}

/** Often, since a key that expires ends the sockets that it opened. */
function eachMinute(context: OperationContext): void {
  context.rates.sweep()
  context.background(() => context.authentication.expire())
}

function daily(context: OperationContext): void {
  const bounds = { before: context.clock.now() - limits.logDays * dayMs, keep: limits.logEvents }
  context.background(() => context.store.trim(bounds))
  context.background(() => context.fileStore.sweep())
}
