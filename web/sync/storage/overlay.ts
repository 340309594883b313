import type { UserId } from '../../../contract/ids.ts'

/** Done when a write has come to its end: the storage took it, or did not. */
export type Settle = (isTaken: boolean) => void

/** The key of what is kept of a user, in a room maybe. */
export const storageKeyOf = (user: UserId, room = ''): string => `${user} ${room}`

/**
 * The values that a storage did not take, by their keys: each hides what is stored under its key, until a later write of it is taken. A
 * `null` hides what could not be taken away.
 */
export class Overlay<T> {
  readonly #values = new Map<string, T | null>()
  readonly #wiped = new Set<string>()
  /** Writes may end in another order than they began, as where a storage is closed under them: the last that was begun counts. */
  readonly #settled = new Map<string, number>()
  #turn = 0

  /** `undefined`: what is stored counts. */
  get(key: string): T | null | undefined {
    const value = this.#values.get(key)
    return value === undefined && this.#isOfWiped(key) ? null : value
  }

  /** What a user has here, by the rest of the key. */
  of(user: UserId): [string, T | null][] {
    const start = storageKeyOf(user)
    return [...this.#values].flatMap(([key, value]) =>
      key.startsWith(start) ? [[key.slice(start.length), value]] : [],
    )
  }

  /** Whether all that is stored of a user is hidden. */
  isWiped(user: UserId): boolean {
    return this.#wiped.has(storageKeyOf(user))
  }

  set(key: string, value: T | null): void {
    this.#values.set(key, value)
  }

  forget(key: string): void {
    this.#values.delete(key)
  }

  /** To be called when the write begins. */
  plan(key: string, value: T | null): Settle {
    const turn = ++this.#turn
    return isTaken => {
      if (turn < (this.#settled.get(key) ?? 0)) return
      this.#settled.set(key, turn)
      if (isTaken && !this.#isOfWiped(key)) this.forget(key)
      else this.set(key, value)
    }
  }

  /** The same for all of a user at once, to be taken away. */
  planWipe(user: UserId): Settle {
    return isTaken => {
      for (const [rest] of this.of(user)) this.forget(storageKeyOf(user, rest))
      if (isTaken) this.#wiped.delete(storageKeyOf(user))
      else this.#wiped.add(storageKeyOf(user))
    }
  }

  #isOfWiped(key: string): boolean {
    return this.#wiped.has(key.slice(0, key.indexOf(' ') + 1))
  }
}
