import type { WireError } from '../../../contract/frames.ts'
import type { ConversationSnapshot } from '../model.ts'
import type { Cancel, Ports } from '../ports.ts'
import { Backoff } from '../transport/backoff.ts'

/** How the loading of a room stands, and when it is tried again. */
export class LoadState {
  status: ConversationSnapshot['status'] = 'loading'
  #error: WireError | null = null
  readonly #backoff: Backoff
  readonly #after: Ports['clock']['after']
  #again: Cancel = () => {}

  constructor({ random, after }: { random(): number; after: Ports['clock']['after'] }) {
    this.#backoff = new Backoff(() => random())
    this.#after = after
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
    this.#again = this.#after(this.#backoff.next(error.retryAfter), again)
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
