import type { RoomId } from '../../../contract/ids.ts'
import type { Cancel } from '../ports.ts'
import type { Conversations } from '../room/conversations.ts'
import type { MessageWindow } from '../room/message-window.ts'
import type { SyncContext } from '../sync-context.ts'

/** What changed is stored at most this much later, ms: what a crash of the page loses is received again. */
const settleMs = 2_000

/** Keeps on this device what was received, so that the next page begins where this one ended, offline too. */
export class Cache {
  readonly #conversations: Conversations
  readonly #context: SyncContext
  #planned: Cancel | null = null
  #saving: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(conversations: Conversations, context: SyncContext) {
    this.#conversations = conversations
    this.#context = context
  }

  /** What is kept of a room's messages, where it is of this epoch. */
  async windowOf(room: RoomId): Promise<MessageWindow | null> {
    const { me, storage, replica } = this.#context
    const saved = await storage.savedWindow(me, room)
    return saved?.epoch === replica.state.epoch ? saved.messageWindow : null
  }

  forgetWindow(room: RoomId): void {
    void this.#context.storage.dropWindow(this.#context.me, room).catch(() => {})
  }

  changed(): void {
    if (!this.#stopped) this.#planned ??= this.#context.ports.clock.after(settleMs, () => void this.save())
  }

  /** Resolves when all that is known now is stored. */
  save(): Promise<void> {
    this.#planned?.()
    this.#planned = null
    const { me, storage, replica } = this.#context
    const { state, cursors } = replica
    const epoch = state.epoch
    if (this.#stopped || epoch === null) return this.#saving
    const windows = this.#conversations.toSave().map(saved => ({ ...saved, epoch }))
    // What is not stored is received again; the next is tried all the same.
    this.#saving = this.#saving.then(() => storage.save(me, { state, cursors }, windows)).catch(() => {})
    return this.#saving
  }

  /** Nothing is stored any more. Resolves when nothing is being stored. */
  stop(): Promise<void> {
    this.#stopped = true
    this.#planned?.()
    return this.#saving
  }
}
