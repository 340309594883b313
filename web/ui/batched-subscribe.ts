type Listener = () => void
type Subscribe = (listener: Listener) => () => void

const waiting = new Set<Listener>()
let planned = false

/**
 * The same subscription, whose listeners hear in a task of their own, all together and once, however often it changed until then. React
 * takes fifty changes in a row, each of whose effects ask for a further render, for an endless update; a busy room brings them in a
 * second. Between two tasks it finishes what it has.
 */
export const batched =
  (subscribe: Subscribe): Subscribe =>
  listener => {
    const cancel = subscribe(() => {
      waiting.add(listener)
      if (!planned) setTimeout(tell)
      planned = true
    })
    return () => {
      waiting.delete(listener)
      cancel()
    }
  }

function tell(): void {
  planned = false
  const listeners = [...waiting]
  waiting.clear()
  for (const listener of listeners) listener()
}
