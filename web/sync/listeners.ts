/** Who is told that something changed. */
export class Listeners {
  readonly #all = new Set<() => void>()

  /** Answers what ends it. */
  add(listener: () => void): () => void {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }

  notify(): void {
    for (const listener of this.#all) listener()
  }
}
