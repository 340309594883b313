import type { Log } from './ports/log.ts'

/** Work that outlives the call that began it. Disposing tells it to stop and waits for it; a failure is logged and is nobody's answer. */
export class Background implements AsyncDisposable {
  readonly #log: Log
  readonly #running = new Set<Promise<void>>()
  #isStopping = false

  constructor(log: Log) {
    this.#log = log
  }

  run(task: (stopping: () => boolean) => Promise<void>): void {
    if (this.#isStopping) return
    const running = task(() => this.#isStopping)
      .catch(error =>
        this.#log.error({ error }, 'Work in the background failed. It begins again at the next start.'),
      )
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}
