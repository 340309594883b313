import { limits } from '../../contract/limits.ts'
import { resumePurges } from './purges.ts'
import type { Workings } from './workings.ts'

const secondMs = 1_000
const minuteMs = 60_000
/** A purge goes on here when the node that did it ended. */
const purgesMs = 10 * minuteMs
const dayMs = 24 * 60 * minuteMs

/**
 * What is done by the clock and by nobody's call: sessions and tokens end, logs are trimmed, files without a row go, interrupted purges go
 * on. Every node does it, and what two of them do at once is done once. Dispose of the answer to end it.
 */
export function keepHouse(w: Workings): Disposable {
  const rounds = [
    w.clock.every(secondMs, () => lookForSetUp(w)),
    w.clock.every(minuteMs, () => eachMinute(w)),
    w.clock.every(purgesMs, () => w.background(() => resumePurges(w))),
    w.clock.every(dayMs, () => daily(w)),
  ]
  eachMinute(w)
  daily(w)
  w.background(() => resumePurges(w))
  return {
    [Symbol.dispose]: () => {
      for (const round of rounds) round[Symbol.dispose]()
    },
  }
}

/** Another node may be the one that is set up. It is asked for until then, and an answer that fails is asked for again. */
function lookForSetUp(w: Workings): void {
  if (!w.workspace.setUp) void w.workspace.look().catch(() => {})
}

/** Often, since a key that expires ends the sockets that it opened. */
function eachMinute(w: Workings): void {
  w.rates.sweep()
  w.background(() => w.keys.expire())
}

function daily(w: Workings): void {
  const bounds = { before: w.clock.now() - limits.logDays * dayMs, keep: limits.logEvents }
  w.background(() => w.store.trim(bounds))
  w.background(() => w.shelf.sweep())
}
