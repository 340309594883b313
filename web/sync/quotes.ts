import { errorCodes } from '../../contract/codes.ts'
import type { Message } from '../../contract/entities.ts'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import type { Around } from './around.ts'
import type { Heard } from './fold.ts'
import { told } from './page.ts'
import { revised } from './run.ts'

/** So many quoted messages are remembered of one room. */
const most = 200

/** Quoted messages of one room that are not loaded: fetched once, then kept up to date by the room's events. `null` is a deleted one. */
export class Quotes {
  readonly #room: RoomId
  readonly #around: Pick<Around, 'call' | 'reads' | 'after'>
  readonly #changed: () => void
  readonly #known = new Map<MessageId, Message | null>()
  readonly #asked = new Map<MessageId, Promise<Message | null>>()
  #waiting: (() => void)[] = []

  /** `changed`: what `known` answers is another thing. */
  constructor(
    room: RoomId,
    around: Pick<Around, 'call' | 'reads' | 'after'>,
    changed: () => void = () => {},
  ) {
    this.#room = room
    this.#around = around
    this.#changed = changed
  }

  /** What is known of it without asking; `undefined` for nothing. */
  known(id: MessageId): Message | null | undefined {
    return this.#known.get(id)
  }

  /** Waits for the line where there is none. */
  get(id: MessageId): Promise<Message | null> {
    const known = this.#known.get(id)
    if (known !== undefined) return Promise.resolve(known)
    const asked = this.#asked.get(id) ?? this.#fetch(id).finally(() => this.#asked.delete(id))
    this.#asked.set(id, asked)
    return asked
  }

  heard(heard: Heard): void {
    for (const event of heard.events) {
      // Also where it was loaded until now: nobody has to ask for what is known to be gone.
      if (event.e === 'message.deleted') this.#learn(event.id, null)
      const message = event.e === 'message.edited' ? this.#known.get(event.id) : undefined
      if (message && event.e === 'message.edited') this.#learn(event.id, revised(message, event))
    }
  }

  forget(): void {
    this.#known.clear()
  }

  /** The line is back. */
  online(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const goOn of waiting) goOn()
  }

  async #fetch(id: MessageId): Promise<Message | null> {
    for (;;) {
      const answer = await this.#around.reads.ask(
        () => this.#around.call('messages.get', { id }),
        ok => [[roomTopic(this.#room), ok.seq]],
        (ok, { later }) => {
          this.#learn(id, ok.message)
          for (const heard of later) this.heard(heard)
        },
      )
      if ('ok' in answer) return this.#known.get(id) ?? null
      if ('error' in answer && !errorCodes[answer.error.code].retry) {
        this.#learn(id, null)
        return null
      }
      const back = new Promise<void>(resolve => this.#waiting.push(resolve))
      await ('error' in answer ? Promise.race([back, told(answer.error, this.#around.after)]) : back)
    }
  }

  #learn(id: MessageId, message: Message | null): void {
    const oldest = this.#known.keys().next()
    if (!this.#known.has(id) && this.#known.size >= most && !oldest.done) this.#known.delete(oldest.value)
    this.#known.set(id, message)
    this.#changed()
  }
}
