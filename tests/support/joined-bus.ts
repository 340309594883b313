import type { Announcement, Bus } from '../../server/core/ports.ts'

type Ears = Parameters<Bus['listen']>[0]
type Sent = { readonly announcement: Announcement } | { readonly signal: string }

/** Buses of several nodes in one process, joined. What one publishes is heard by the others in a later turn, in its order. */
export function joinedBuses(nodes: number): Bus[] {
  const ears = Array.from({ length: nodes }, () => new Set<Ears>())
  const tell = (from: number, sent: Sent) =>
    queueMicrotask(() => {
      for (const [node, hearing] of ears.entries())
        if (node !== from) for (const one of hearing) hear(one, sent)
    })
  return ears.map((hearing, node) => ({
    state: 'joined',
    publish: announcement => tell(node, { announcement }),
    signal: signal => tell(node, { signal }),
    listen: one => {
      hearing.add(one)
      return { [Symbol.dispose]: () => void hearing.delete(one) }
    },
    [Symbol.asyncDispose]: async () => hearing.clear(),
  }))
}

function hear(ears: Ears, sent: Sent): void {
  if ('announcement' in sent) ears.heard(sent.announcement)
  else ears.signalled(sent.signal)
}
