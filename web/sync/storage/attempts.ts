import type { Overlay, Settle } from './overlay.ts'

/** Asks a storage that may fail, and tells of the first failure. */
export class Attempts {
  readonly #lost: () => void
  #isTold = false

  constructor(lost: () => void) {
    this.#lost = lost
  }

  /** Answers whether it was taken; `settle` gets the same answer. */
  async write(store: () => Promise<void>, ...settle: readonly Settle[]): Promise<boolean> {
    const isTaken = await this.read(() => store().then(() => true), false)
    for (const one of settle) one(isTaken)
    return isTaken
  }

  /** `otherwise` where it cannot be read. */
  async read<T>(there: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await there()
    } catch {
      if (!this.#isTold) this.#lost()
      this.#isTold = true
      return otherwise
    }
  }

  /** What was not taken, since it is newer; else what is stored. */
  async value<T>(overlay: Overlay<T>, key: string, there: () => Promise<T | null>): Promise<T | null> {
    const newer = overlay.get(key)
    return newer === undefined ? this.read(there, null) : newer
  }
}
