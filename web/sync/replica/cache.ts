import type { UserId } from '../../../contract/ids.ts'
import type { Cancel, ClientClock, Ports } from '../ports.ts'
import type { Conversations } from '../room/conversations.ts'
import type { Storage } from '../storage/storage.ts'
import type { Replica } from './replica.ts'

/** What changed is stored at most this much later, ms: what a crash of the page loses is received again. */
const settleMs = 2_000

/** Keeps on this device what was received, so that the next page begins where this one ended, offline too. */
export class Cache {
  readonly #user: UserId
  readonly #storage: Storage
  readonly #clock: ClientClock
  readonly #replica: Replica
  readonly #conversations: Conversations
  #planned: Cancel | null = null
  #saving: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(of: {
    readonly me: UserId
    readonly storage: Storage
    readonly ports: Ports
    readonly replica: Replica
    readonly conversations: Conversations
  }) {
    this.#user = of.me
    this.#storage = of.storage
    this.#clock = of.ports.clock
    this.#replica = of.replica
    this.#conversations = of.conversations
  }

  changed(): void {
    if (!this.#stopped) this.#planned ??= this.#clock.after(settleMs, () => void this.save())
  }

  /** Resolves when all that is known now is stored. */
  save(): Promise<void> {
    this.#planned?.()
    this.#planned = null
    const { state, cursors } = this.#replica
    const epoch = state.epoch
    if (this.#stopped || epoch === null) return this.#saving
    const windows = this.#conversations.toSave().map(saved => ({ ...saved, epoch }))
    // What is not stored is received again; the next is tried all the same.
    this.#saving = this.#saving
      .then(() => this.#storage.save(this.#user, { state, cursors }, windows))
      .catch(() => {})
    return this.#saving
  }

  /** Nothing is stored any more. Resolves when nothing is being stored. */
  stop(): Promise<void> {
    this.#stopped = true
    this.#planned?.()
    return this.#saving
  }
}
