import { errorCodes } from '../../../contract/codes.ts'
import type { Topic } from '../../../contract/ids.ts'
import type { CallResult } from '../model.ts'
import type { Cancel } from '../ports.ts'
import type { SyncContext } from '../sync-context.ts'
import { Backoff } from '../transport/backoff.ts'
import type { Replica } from './replica.ts'
import { roomOf } from './state.ts'

/** Rooms read at once; when more are wanted than `roomsEach`, one bootstrap is less than all of them. */
const roomsAtOnce = 4
const roomsEach = 20

/** It could not be read now; the server may have asked for so many seconds of patience. */
type Wait = { readonly retryAfter?: number | undefined }

/** Reads what a replica wants, one bootstrap or a few rooms at a time, until nothing is wanted. What cannot be had now is tried again. */
export class Snapshots {
  readonly #replica: Replica
  readonly #context: SyncContext
  readonly #backoff: Backoff
  #reading: Promise<void> | null = null
  #again: Cancel = () => {}
  #stopped = false

  constructor(replica: Replica, context: SyncContext) {
    this.#replica = replica
    this.#context = context
    this.#backoff = new Backoff(() => context.ports.random())
  }

  /** Resolves when nothing is wanted, or when the server could not be asked now (it is asked again later, or at the next call of this). */
  read(): Promise<void> {
    this.#again()
    if (this.#stopped) return Promise.resolve()
    this.#reading ??= this.#readAll()
    return this.#reading
  }

  stop(): void {
    this.#stopped = true
    this.#again()
  }

  async #readAll(): Promise<void> {
    // A turn later, so that the resets of one connection are answered by one bootstrap.
    await Promise.resolve()
    let wait: Wait | undefined
    while (this.#replica.wanted.size > 0 && !this.#stopped && !wait) wait = await this.#readSome()
    // In the turn in which nothing more was wanted, so that what is wanted next begins anew.
    this.#reading = null
    if (wait && !this.#stopped) {
      this.#again = this.#context.ports.clock.after(
        this.#backoff.next(wait.retryAfter),
        () => void this.read(),
      )
    } else this.#backoff.worked()
  }

  async #readSome(): Promise<Wait | undefined> {
    const wanted = [...this.#replica.wanted]
    const whole = wanted.some(topic => !topic.startsWith('room:')) || wanted.length > roomsEach
    if (whole) return this.#readEverything()
    const waits = await Promise.all(wanted.slice(0, roomsAtOnce).map(topic => this.#readRoom(topic)))
    return waits.find(wait => wait !== undefined)
  }

  async #readEverything(): Promise<Wait | undefined> {
    const answer = await this.#replica.bootstrap(() => this.#context.call('bootstrap.get', {}))
    return 'ok' in answer ? undefined : waitAfter(answer)
  }

  async #readRoom(topic: Topic): Promise<Wait | undefined> {
    const id = roomOf(topic)
    const answer = await this.#replica.readRoom(() => this.#context.call('rooms.get', { id }), topic)
    if ('ok' in answer) return undefined
    if ('error' in answer && !errorCodes[answer.error.code].retry && answer.error.code !== 'signed_out') {
      this.#replica.roomRefused(id)
      return undefined
    }
    return waitAfter(answer)
  }
}

const waitAfter = (answer: Exclude<CallResult<unknown>, { ok: unknown }>): Wait =>
  'error' in answer ? { retryAfter: answer.error.retryAfter } : {}
