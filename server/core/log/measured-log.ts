import type { Meters } from '../meters.ts'
import type { Clock } from '../ports/clock.ts'
import type { Tracer } from '../ports/tracer.ts'
import type { Outcome } from './change.ts'
import type { LogStore } from './feed.ts'

/** The store's logs, with what each commit took its caller measured, and told to whoever traces. */
export function measuredLog(
  store: LogStore,
  { meters, clock, tracer }: { meters: Meters; clock: Clock; tracer: Tracer | null },
): LogStore {
  // The caller waits for the store's own promise: one more on the way would cost each commit more than all that is measured.
  const commit: LogStore['commit'] = change => {
    const begun = clock.monotonic()
    const done = () => meters.commits.observe(clock.monotonic() - begun)
    const committed = store.commit(change)
    committed.then(done, done)
    return committed
  }
  const outcomeOf = (outcome: Outcome) => ({ failed: false, attributes: { 'confab.outcome': outcome.is } })
  return {
    commit: tracer
      ? change =>
          tracer.span({ name: 'store.commit', is: 'step', attributes: {} }, () => commit(change), outcomeOf)
      : commit,
    events: (topic, after, most) => store.events(topic, after, most),
    heads: topics => store.heads(topics),
  }
}
