import type { IncomingMessage } from 'node:http'
import { limits } from '../../../contract/limits.ts'
import type { Refusal } from '../../core/answer.ts'
import { refuse } from '../../core/answer.ts'
import { networkOf } from '../../core/limits/rates.ts'
import type { Clock } from '../../core/ports/clock.ts'
import { serverBusy } from '../../core/refusals.ts'
import type { Sender } from '../invalid-input.ts'

/** What a body may be: JSON or the bytes of a picture, and how long. */
export interface BodyKind {
  readonly kind: 'json' | 'upload'
  readonly max: number
}

/** A body that is whole. Until it is disposed of, its bytes count as held. */
export interface Body extends Disposable {
  readonly bytes: Uint8Array
}

interface PoolLimits {
  readonly total: number
  readonly perAddress: number
  readonly perPerson: number
}

/** Bytes that may be held in memory for bodies: in all, for one person, and for one address. */
class Pool {
  readonly #limits: PoolLimits
  readonly #held = new Map<string, number>()
  #total = 0

  constructor(of: PoolLimits) {
    this.#limits = of
  }

  get total(): number {
    return this.#total
  }

  /** Holds so many more, or says why not and holds none. */
  hold({ user, address }: Sender, bytes: number): Refusal | null {
    const network = networkOf(address)
    if (user !== null && this.#of(user) + bytes > this.#limits.perPerson) return tooMuch
    if (this.#of(network) + bytes > this.#limits.perAddress || this.#total + bytes > this.#limits.total)
      return serverBusy
    this.#count({ user, address }, bytes)
    return null
  }

  release(sender: Sender, bytes: number): void {
    this.#count(sender, -bytes)
  }

  #count({ user, address }: Sender, more: number): void {
    this.#total += more
    for (const key of user === null ? [networkOf(address)] : [user, networkOf(address)]) {
      const held = this.#of(key) + more
      if (held > 0) this.#held.set(key, held)
      else this.#held.delete(key)
    }
  }

  #of(key: string): number {
    return this.#held.get(key) ?? 0
  }
}

/**
 * Reads bodies of requests within bounds of memory and time. What is held is counted as it comes, since Content-Length may lie or be absent;
 * those who have not shown who they are have a small pool of their own, so that they take nothing from those who have, and JSON has one,
 * so that uploads take nothing from what people write.
 */
export class Bodies {
  readonly #clock: Clock
  readonly #json = new Pool({
    total: limits.jsonBodiesBytes,
    perAddress: limits.jsonBodiesAnAddressBytes,
    perPerson: limits.jsonBodiesAPersonBytes,
  })
  readonly #uploads = new Pool({
    total: limits.uploadsBytes,
    perAddress: limits.uploadsAnAddressBytes,
    perPerson: limits.uploadsAPersonBytes,
  })
  readonly #anonymous = new Pool({
    total: limits.anonymousBodiesBytes,
    perAddress: limits.anonymousBodiesAnAddressBytes,
    perPerson: 0,
  })

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock
  }

  /** Bytes held now. */
  get heldBytes(): number {
    return this.#json.total + this.#uploads.total + this.#anonymous.total
  }

  /**
   * The body of a request, at most `max` bytes, or fewer for who has not shown who they are. Refused without reading where its length is told to be more, at the byte that is too many,
   * and where too little came within `limits.bodyStallMs`: less than `limits.bodyProgressBytes`, or than that part of what is held of it
   * which `limits.bodyProgressPart` tells.
   */
  read(request: IncomingMessage, { kind, max }: BodyKind, sender: Sender): Promise<Body | Refusal> {
    const most = sender.user === null ? Math.min(max, limits.anonymousBodyBytes) : max
    const tooLarge = refuse('too_large', `At most ${most} bytes are taken here.`)
    if (Number(request.headers['content-length'] ?? 0) > most) return Promise.resolve(tooLarge)
    const known = kind === 'json' ? this.#json : this.#uploads
    const pool = sender.user === null ? this.#anonymous : known
    return new BodyReader(request, { most, tooLarge, sender, pool, clock: this.#clock }).result
  }
}

interface BodyReaderParts {
  readonly most: number
  readonly tooLarge: Refusal
  readonly sender: Sender
  readonly pool: Pool
  readonly clock: Clock
}

/** Collects one body. */
class BodyReader {
  readonly #request: IncomingMessage
  readonly #parts: BodyReaderParts
  readonly #done = Promise.withResolvers<Body | Refusal>()
  #chunks: Buffer[] = []
  #size = 0
  /** Bytes since the stall timer was started. */
  #progress = 0
  #stallTimer: Disposable

  constructor(request: IncomingMessage, parts: BodyReaderParts) {
    this.#request = request
    this.#parts = parts
    this.#stallTimer = this.#startStallTimer()
    request.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose).on('error', ignored)
    if (request.destroyed) this.#onClose()
  }

  get result(): Promise<Body | Refusal> {
    return this.#done.promise
  }

  readonly #onData = (chunk: Buffer): void => {
    const { most, tooLarge, pool, sender } = this.#parts
    const refusal = this.#size + chunk.length > most ? tooLarge : pool.hold(sender, chunk.length)
    if (refusal) {
      this.#refuse(refusal)
      return
    }
    this.#size += chunk.length
    this.#chunks.push(chunk)
    this.#progress += chunk.length
    if (this.#progress < Math.max(limits.bodyProgressBytes, this.#size / limits.bodyProgressPart)) return
    this.#progress = 0
    this.#stallTimer[Symbol.dispose]()
    this.#stallTimer = this.#startStallTimer()
  }

  readonly #onEnd = (): void => {
    this.#stop()
    const { pool, sender } = this.#parts
    const held = this.#size
    const bytes = Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#done.resolve({ bytes, [Symbol.dispose]: () => pool.release(sender, held) })
  }

  readonly #onClose = (): void => this.#refuse(refuse('invalid', 'The body was cut off.'))

  #refuse(refusal: Refusal): void {
    this.#stop()
    this.#parts.pool.release(this.#parts.sender, this.#size)
    this.#chunks = []
    this.#done.resolve(refusal)
  }

  #stop(): void {
    this.#stallTimer[Symbol.dispose]()
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
  }

  #startStallTimer(): Disposable {
    return this.#parts.clock.after(limits.bodyStallMs, () => this.#refuse(tooSlow))
  }
}

const tooMuch = refuse(
  'rate_limited',
  'You send too much at once. Wait until it has arrived, then send more.',
  {
    retryAfter: 5,
  },
)
const tooSlow = refuse('timed_out', 'The body came too slowly. Send it again over a better line.')

/** A request whose line broke; `close` follows and settles it. */
function ignored(): void {}
