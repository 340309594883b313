import { errorCodes } from '../../../contract/codes.ts'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId } from '../../../contract/ids.ts'
import { roomTopic } from '../../../contract/ids.ts'
import type { Cancel } from '../ports.ts'
import type { EventBatch } from '../replica/effects.ts'
import { messageEffects } from '../replica/effects.ts'
import type { SyncContext } from '../sync-context.ts'
import { Backoff } from '../transport/backoff.ts'

/** So many quoted messages are remembered of one room. */
const most = 200

/** Quoted messages of one room that are not loaded: fetched once, then kept up to date by the room's events. `null` is a deleted one. */
export class Quotes {
  readonly #room: RoomId
  readonly #context: SyncContext
  readonly #changed: () => void
  readonly #known = new Map<MessageId, Message | null>()
  readonly #asked = new Map<MessageId, Promise<Message | null>>()
  readonly #backoff: Backoff
  #waiting: (() => void)[] = []
  #again: Cancel | null = null
  #isWanted = true

  /** `changed`: what `known` answers is another thing. */
  constructor(room: RoomId, context: SyncContext, changed: () => void) {
    this.#room = room
    this.#context = context
    this.#changed = changed
    this.#backoff = new Backoff(() => context.ports.random())
  }

  /** What is known of it without asking; `undefined` for nothing. */
  known(id: MessageId): Message | null | undefined {
    return this.#known.get(id)
  }

  /** What cannot be read now is asked for again: in a while, and when the connection is back. */
  get(id: MessageId): Promise<Message | null> {
    const known = this.#known.get(id)
    if (known !== undefined) return Promise.resolve(known)
    const asked = this.#asked.get(id) ?? this.#fetch(id).finally(() => this.#asked.delete(id))
    this.#asked.set(id, asked)
    return asked
  }

  received(batch: EventBatch): void {
    for (const effect of messageEffects(batch)) {
      // Also where it was loaded until now: nobody has to ask for what is known to be gone.
      if (effect?.is === 'deleted') this.#learn(effect.id, null)
      const message = effect?.is === 'changed' ? this.#known.get(effect.id) : undefined
      if (message && effect?.is === 'changed') this.#learn(effect.id, effect.to(message))
    }
  }

  forget(): void {
    this.#known.clear()
  }

  /** The connection is back, or the room is opened: what waits is asked for. */
  goOn(): void {
    this.#isWanted = true
    this.#cancel()
    const waiting = this.#waiting
    this.#waiting = []
    for (const goOn of waiting) goOn()
  }

  /** Nobody looks: nothing is asked for again until `goOn`. */
  rest(): void {
    this.#isWanted = false
    this.#cancel()
  }

  #cancel(): void {
    this.#again?.()
    this.#again = null
  }

  /** All that was refused is asked for again at once. */
  #waitTurn(retryAfter: number | undefined): Promise<void> {
    if (this.#isWanted)
      this.#again ??= this.#context.ports.clock.after(this.#backoff.next(retryAfter), () => this.goOn())
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  async #fetch(id: MessageId): Promise<Message | null> {
    const { replica, call } = this.#context
    for (;;) {
      const answer = await replica.reads.ask(
        () => call('messages.get', { id }),
        ok => [[roomTopic(this.#room), ok.seq]],
        (ok, { later }) => {
          this.#learn(id, ok.message)
          for (const batch of later) this.received(batch)
        },
      )
      if ('ok' in answer) {
        this.#backoff.worked()
        return this.#known.get(id) ?? null
      }
      if ('error' in answer && !errorCodes[answer.error.code].retry) {
        this.#learn(id, null)
        return null
      }
      await this.#waitTurn('error' in answer ? answer.error.retryAfter : undefined)
    }
  }

  #learn(id: MessageId, message: Message | null): void {
    const oldest = this.#known.keys().next()
    if (!this.#known.has(id) && this.#known.size >= most && !oldest.done) this.#known.delete(oldest.value)
    this.#known.set(id, message)
    this.#changed()
  }
}
