import { Socket } from 'node:net'

/** PostgreSQL takes its leave at once; one that does not is not there any more, ms. */
const farewellMs = 1_000

/**
 * The socket of a connection. When it is given up before PostgreSQL closed it, it is reset, so that what was still to be sent is dropped with
 * it: TCP would go on sending for minutes, and do long after its refusal what somebody was refused.
 */
export class PostgresSocket extends Socket {
  #isLeaving = false
  #isReset = false

  /** Gives PostgreSQL the time to close it, which on a connection that is cut never comes, and no more. */
  leave(): void {
    if (this.#isLeaving || this.destroyed) return
    this.#isLeaving = true
    const late = setTimeout(() => this.destroy(), farewellMs)
    this.once('close', () => clearTimeout(late))
  }

  override end(...last: unknown[]): this {
    this.leave()
    return super.end(...(last as []))
  }

  override destroy(error?: Error): this {
    const isMidway = !this.connecting && !this.destroyed && !this.readableEnded && !this.#isReset
    if (error || !isMidway) return super.destroy(error)
    this.#isReset = true
    return this.resetAndDestroy()
  }
}
