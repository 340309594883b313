/** A word about what just happened, for a few seconds. `fault`: it did not. */
export interface Toast {
  id: number
  text: string
  fault: boolean
}

const shownMs = 5_000
let toasts: readonly Toast[] = []
let next = 1
const listeners = new Set<() => void>()

/** Says something in passing: that a link was copied, that a call did not go through. */
export function toast(text: string, fault = false): void {
  const one = { id: next++, text, fault }
  change([...toasts.filter(other => other.text !== text), one].slice(-3))
  setTimeout(() => change(toasts.filter(other => other.id !== one.id)), shownMs)
}

export const currentToasts = (): readonly Toast[] => toasts

export function onToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function change(now: readonly Toast[]): void {
  toasts = now
  for (const listener of listeners) listener()
}
