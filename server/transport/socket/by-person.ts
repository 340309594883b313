import type { UserId } from '../../../contract/ids.ts'

/** Things of people, each person's together: what is asked of one person costs what they have, however many others there are. */
export class ByPerson<T extends { readonly user: UserId }> {
  readonly #of = new Map<UserId, Set<T>>()

  /** In all. */
  get size(): number {
    let size = 0
    for (const { size: theirs } of this.#of.values()) size += theirs
    return size
  }

  add(one: T): void {
    const { user } = one
    const theirs = this.#of.get(user) ?? new Set()
    this.#of.set(user, theirs.add(one))
  }

  /** Whether it was there. */
  remove(one: T): boolean {
    const { user } = one
    const theirs = this.#of.get(user)
    if (!theirs?.delete(one)) return false
    if (theirs.size === 0) this.#of.delete(user)
    return true
  }

  of(user: UserId): ReadonlySet<T> {
    return this.#of.get(user) ?? none
  }

  all(): T[] {
    return [...this.#of.values()].flatMap(theirs => [...theirs])
  }
}

const none: ReadonlySet<never> = new Set()
