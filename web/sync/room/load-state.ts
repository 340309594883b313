import type { WireError } from '../../../contract/frames.ts'
import type { ConversationSnapshot } from '../model.ts'
import type { Cancel, ClientClock, Ports } from '../ports.ts'
import { Backoff } from '../transport/backoff.ts'

/** How the loading of a room stands, and when it is tried again. */
export class LoadState {
  status: ConversationSnapshot['status'] = 'loading'
  #error: WireError | null = null
  readonly #backoff: Backoff
  readonly #clock: ClientClock
  #again: Cancel = () => {}

  constructor(ports: Ports) {
    this.#backoff = new Backoff(() => ports.random())
    this.#clock = ports.clock
  }

  get shown(): Pick<ConversationSnapshot, 'status' | 'error'> {
    return { status: this.status, error: this.#error }
  }

  /** It is loaded. */
  succeed(): void {
    this.#backoff.worked()
    this.status = 'ready'
    this.#error = null
  }

  /** It is tried again in a while, or when the server says. `shows`: there is something to be shown meanwhile. */
  fail(error: WireError, shows: boolean, again: () => void): void {
    this.#error = error
    if (!shows) this.status = 'failed'
    this.#again = this.#clock.after(this.#backoff.next(error.retryAfter), again)
  }

  /** Nothing is loaded. */
  reset(): void {
    this.cancelRetry()
    this.status = 'loading'
    this.#error = null
  }

  cancelRetry(): void {
    this.#again()
  }
}
