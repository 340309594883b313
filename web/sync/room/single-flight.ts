/** Work by name, each at most once at a time: who asks for it while it is being done is given the same. */
export class SingleFlight<T> {
  readonly #doing = new Map<string, Promise<T>>()

  do(name: string, work: () => Promise<T>): Promise<T> {
    const doing = this.#doing.get(name)
    if (doing) return doing
    const done = work().then(result => {
      if (this.#doing.get(name) === done) this.#doing.delete(name)
      return result
    })
    this.#doing.set(name, done)
    return done
  }

  /** What is being done does not matter any more: it may be begun anew. */
  forget(): void {
    this.#doing.clear()
  }
}
