import type { Socket as TcpSocket } from 'node:net'
import type { RawData } from 'ws'
import type { CloseCode } from '../../contract/codes.ts'
import { closeCodes } from '../../contract/codes.ts'
import type { ClientFrame, ServerFrame, Presence as State, WireError } from '../../contract/frames.ts'
import { encodeFrame } from '../../contract/frames.ts'
import type { UserId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Identity, Origin } from '../core/answer.ts'
import type { Watcher } from '../core/presence.ts'
import type { Channel, Listener } from './channel.ts'
import { textFrame } from './frame.ts'
import { readFrame, readHello } from './read-frame.ts'
import type { SocketParts } from './sockets.ts'
import type { ChatSocket } from './upgrade.ts'

/** Calls of one connection that may run at once; above it nothing more is read from the socket. */
const callsAtOnce = 64
/** Signals are dropped while this much is queued: they are the first thing that a slow reader does without. */
const signalBytes = 64 * 1024

/**
 * One socket: frames in, a bounded queue out. It knows no room: what it is served is the hub's matter, what it may do the table's.
 * Before identity it processes nothing but a hello (P4).
 */
export class Connection implements Listener, Watcher {
  readonly channels = new Set<Channel>()
  readonly origin: Origin
  /** When something was last heard of the other end, monotonic ms. */
  heardAt: number
  #phase: 'waiting for hello' | 'opening' | 'open' | 'closed' = 'waiting for hello'
  #identity: Identity | null
  #running = 0
  #queuedEvents = 0
  #drained: ((open: boolean) => void) | null = null
  readonly #socket: ChatSocket
  readonly #tcp: TcpSocket
  readonly #parts: SocketParts

  constructor(
    socket: ChatSocket,
    tcp: TcpSocket,
    identity: Identity | null,
    origin: Origin,
    parts: SocketParts,
  ) {
    this.#socket = socket
    this.#tcp = tcp
    this.#identity = identity
    this.origin = origin
    this.#parts = parts
    this.heardAt = parts.clock.monotonic()
  }

  get identity(): Identity | null {
    return this.#identity
  }

  get isOpen(): boolean {
    return this.#phase !== 'closed'
  }

  get isNamed(): boolean {
    return this.#phase === 'open' || this.#phase === 'opening'
  }

  /** Only asked for by what an open connection is served by. */
  get user(): UserId {
    if (!this.#identity) throw new Error('a connection without identity is served nothing')
    return this.#identity.user
  }

  receive(data: RawData, isBinary: boolean): void {
    this.heardAt = this.#parts.clock.monotonic()
    if (this.#phase === 'closed') return
    if (isBinary) return this.bye(4002, 'Frames are text, one JSON object each.')
    const text = data.toString()
    if (this.#phase === 'waiting for hello') void this.#hello(text)
    else this.#frame(text)
  }

  write(frame: Buffer, events: number): void {
    if (this.#phase === 'closed') return
    const queued = this.#tcp.writableLength
    if (queued === 0) this.#queuedEvents = 0
    this.#queuedEvents += events
    if (queued > limits.queuedBytes || (queued > 0 && this.#queuedEvents > limits.queuedEvents))
      return this.#cut()
    if (!this.#tcp.write(frame) && this.#drained === null) this.#parts.metrics.slowed++
  }

  drained(): Promise<boolean> {
    if (this.#phase === 'closed') return Promise.resolve(false)
    if (!this.#tcp.writableNeedDrain) return Promise.resolve(true)
    return new Promise(resolve => {
      this.#drained = resolve
    })
  }

  /** The operating system took what was queued. */
  flowing(): void {
    this.#drained?.(true)
    this.#drained = null
  }

  presence(user: UserId, state: State): void {
    if (this.#tcp.writableLength < signalBytes) this.#send({ t: 'signal', s: 'presence', user, state })
  }

  lose(): void {
    this.bye(1001, 'What you are owed cannot be read now. Connect again.')
  }

  /** Says why, then closes with the code. */
  bye(code: CloseCode, reason: string = closeCodes[code].means, after?: number): void {
    if (this.#phase === 'closed') return
    this.#send({ t: 'bye', code, reason, ...(after === undefined ? {} : { after }) })
    this.#leave()
    this.#socket.close(code)
  }

  /** Closes a socket whose other end is not there any more. */
  terminate(): void {
    this.#leave()
    this.#socket.terminate()
  }

  /** The other end answered a ping. */
  alive(): void {
    this.heardAt = this.#parts.clock.monotonic()
  }

  ping(): void {
    if (this.isOpen) this.#socket.ping()
  }

  /** The socket is closed, from whichever side. */
  closed(): void {
    this.#leave()
  }

  async #hello(text: string): Promise<void> {
    const read = readHello(text)
    if ('close' in read) return this.bye(read.close, read.reason)
    if ('error' in read) return this.#send({ t: 'error', ...read.error })
    const { hello } = read
    this.#phase = 'opening'
    if (hello.token !== undefined) {
      if (this.#identity) return this.bye(4002, 'Say who you are once: at the upgrade or in the hello.')
      this.#identity = await this.#parts.identify({ bearer: hello.token }, this.origin)
    }
    if (!this.isOpen) return
    if (!this.#identity) return this.bye(4001)
    this.#parts.named(this)
    try {
      const epoch = this.#parts.epoch()
      await this.#parts.hub.admit(
        this,
        hello.cursors,
        hello.epoch === undefined || hello.epoch === epoch,
        heads => {
          this.#phase = 'open'
          const { user, id } = this.#identity as Identity
          this.#send({ t: 'welcome', epoch, me: user, session: id, node: this.#parts.node, heads })
        },
      )
    } catch {
      this.lose()
    }
  }

  #frame(text: string): void {
    const read = readFrame(text)
    if ('close' in read) return this.bye(read.close, read.reason)
    if ('error' in read) {
      if (read.ref === undefined) this.#send({ t: 'error', ...read.error })
      else this.#send({ t: 'reply', ref: read.ref, error: read.error })
      return
    }
    this.#take(read.frame)
  }

  #take(frame: ClientFrame): void {
    switch (frame.t) {
      case 'call':
        void this.#call(frame.ref, frame.op, frame.input)
        return
      case 'signal':
        if (this.#phase === 'open') this.#parts.hub.typing(this, frame.room)
        return
      case 'watch':
        this.#parts.presence.watch(this, frame.users)
        return
      case 'ping':
        this.#send({ t: 'pong' })
        return
    }
  }

  async #call(ref: number, op: string, input: unknown): Promise<void> {
    if (++this.#running === callsAtOnce) this.#socket.pause()
    const answer = await this.#parts.calls(op, input, {
      who: this.#identity,
      door: 'socket',
      origin: this.origin,
    })
    if (this.#running-- === callsAtOnce) this.#socket.resume()
    if ('ok' in answer) this.#send({ t: 'reply', ref, ok: answer.ok })
    else this.#send({ t: 'reply', ref, error: answer.error as WireError })
  }

  #send(frame: ServerFrame): void {
    this.write(textFrame(encodeFrame(frame)), 0)
  }

  #cut(): void {
    this.#parts.metrics.cut++
    this.#leave()
    this.#socket.close(4008)
    // Its queue is full, so the close frame will hardly arrive: the line goes with it when the time is over.
    this.#parts.clock.after(limits.drainMs, () => this.#socket.terminate())
  }

  #leave(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    this.#parts.hub.dismiss(this)
    this.#parts.left(this)
    this.#drained?.(false)
    this.#drained = null
  }
}
