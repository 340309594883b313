import type { Socket as TcpSocket } from 'node:net'
import type { RawData } from 'ws'
import type { CloseCode } from '../../../contract/codes.ts'
import { closeCodes } from '../../../contract/codes.ts'
import type { CallFrame, ClientFrame, Hello, PresenceState, ServerFrame } from '../../../contract/frames.ts'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { roomTopic } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Identity, Origin } from '../../core/answer.ts'
import { isInVain } from '../invalid-input.ts'
import type { Channel, Listener } from './channel.ts'
import type { ChatSocket, Hearer } from './chat-socket.ts'
import type { Rejected } from './frames.ts'
import { framed, readFrame, readHello, refusalFrame, replyOf } from './frames.ts'
import { Incoming } from './incoming.ts'
import { namesAny, onWriteTimeout, PausedFrames, SentAnswers } from './outgoing.ts'
import { helloRefusal } from './pending-sockets.ts'
import { RunningCalls } from './running-calls.ts'
import type { Kept, SocketParts } from './socket-parts.ts'
import { WatchTurns } from './watch-turns.ts'

/**
 * One socket: frames in, a bounded queue out. It knows no room: what it is served is the hub's matter, what it may do the table's.
 * Before identity it processes nothing but a hello (P4).
 */
export class Connection implements Listener, Kept, Hearer {
  readonly channels = new Set<Channel>()
  readonly origin: Origin
  #phase: 'waiting for hello' | 'opening' | 'open' | 'closed' = 'waiting for hello'
  #identity: Identity | null
  #queuedEvents = 0
  #drained: PromiseWithResolvers<boolean> | null = null
  readonly #early: string[] = []
  readonly #held = new PausedFrames()
  readonly #answers: SentAnswers
  readonly #incoming: Incoming
  readonly #calls: RunningCalls
  readonly #watches: WatchTurns
  readonly #id: string
  readonly #socket: ChatSocket
  readonly #tcp: TcpSocket
  readonly #parts: SocketParts

  constructor(
    socket: ChatSocket,
    tcp: TcpSocket,
    upgrade: { readonly id: string; readonly identity: Identity | null; readonly origin: Origin },
    parts: SocketParts,
  ) {
    this.#socket = socket
    this.#tcp = tcp
    this.#answers = new SentAnswers(tcp)
    this.#id = upgrade.id
    this.#identity = upgrade.identity
    this.origin = upgrade.origin
    this.#parts = parts
    this.#incoming = new Incoming(parts, this)
    this.#calls = new RunningCalls(socket, after => this.bye(4000, 'The server restarts.', after))
    this.#watches = new WatchTurns(parts.clock, users => parts.presence.watch(this, users))
  }

  get identity(): Identity | null {
    return this.#identity
  }

  get heardAt(): number {
    return this.#incoming.heardAt
  }

  get isOpen(): boolean {
    return this.#phase !== 'closed'
  }

  get queuedBytes(): number {
    return this.#tcp.writableLength
  }

  /** Only asked for by what an open connection is served by. */
  get user(): UserId {
    if (!this.#identity) throw new Error('a connection without identity is served nothing')
    return this.#identity.user
  }

  receive(data: RawData, isBinary: boolean): void {
    const mayFrame = this.#incoming.message() || this.#parts.limits === 'off'
    if (this.#phase === 'closed' || this.#calls.isRetiring) return
    if (isBinary) this.bye(4002, 'Frames are text, one JSON object each.')
    else if (!mayFrame || this.#early.length > limits.earlyFrames) this.#tooOften()
    else this.#read(data.toString())
  }

  #read(text: string): void {
    const late = this.#incoming.lateFor(text)
    if (late) this.bye(4009, late.reason, late.after)
    else if (this.#phase === 'waiting for hello') void this.#hello(text)
    else if (this.#phase === 'opening') this.#early.push(text)
    else this.#frame(text)
  }

  write(frame: Buffer, events: number): void {
    if (this.#phase === 'closed') return
    // What is held waits until it is known that its reader's session goes on: nobody has none.
    if (!this.#identity || !this.#parts.holding()) this.#put(frame, events)
    else if (!this.#held.add(frame, events)) this.lose()
  }

  release(): void {
    for (const { frame, events } of this.#held.take()) if (this.isOpen) this.#put(frame, events)
    if (this.isOpen && !this.#tcp.writableNeedDrain) this.flowing()
  }

  #put(frame: Buffer, events: number): void {
    const queued = this.#tcp.writableLength
    this.#answers.look()
    this.#queuedEvents = events + (queued === 0 ? 0 : this.#queuedEvents)
    const tooMany = queued > 0 && this.#queuedEvents > limits.queuedEvents
    if (tooMany || queued > limits.queuedBytes) this.#cut()
    else {
      this.#parts.metrics.deliveries += events
      this.#tcp.write(frame)
      if (events === 0) this.#answers.add(frame)
    }
  }

  drained(): Promise<boolean> {
    if (this.#phase === 'closed') return Promise.resolve(false)
    if (!this.#tcp.writableNeedDrain && this.#held.isEmpty) return Promise.resolve(true)
    this.#drained ??= Promise.withResolvers()
    return this.#drained.promise
  }

  /** The operating system took what was queued. */
  flowing(): void {
    this.#answers.look()
    if (!this.#held.isEmpty) return
    this.#drained?.resolve(true)
    this.#drained = null
  }

  revoke(): void {
    if (!this.#held.isEmpty) this.lose()
    else onWriteTimeout(this.#tcp, this.#parts.clock, () => this.terminate())
  }

  estrange(rooms: readonly RoomId[]): void {
    const served = new Set([...this.channels].map(({ topic }) => topic))
    const not = rooms.filter(room => !served.has(roomTopic(room)))
    if (this.#answers.mayName(not) || this.#held.some(frame => namesAny(frame, not))) this.revoke()
  }

  presence(user: UserId, state: PresenceState): void {
    if (this.#tcp.writableLength < limits.signalQueueBytes && this.#held.isEmpty)
      this.#send({ t: 'signal', s: 'presence', user, state })
  }

  lose(): void {
    this.bye(1001, 'What you are owed cannot be read now. Connect again.')
  }

  /** Says why, then closes with the code. */
  bye(code: CloseCode, reason: string = closeCodes[code].means, after?: number): void {
    if (this.#phase === 'closed') return
    // It is not held, and what was is not theirs any more.
    const frame: ServerFrame = { t: 'bye', code, reason, ...(after === undefined ? {} : { after }) }
    this.#put(framed(frame), 0)
    this.#leave(code)
    this.#socket.close(code)
  }

  retire(after: number): void {
    this.#calls.retire(after)
  }

  /** Ends the line at once: what is queued for it, here and in the operating system, reaches nobody. */
  terminate(): void {
    this.#leave(1006)
    this.#tcp.resetAndDestroy()
  }

  control(): void {
    if (!this.#incoming.control() && this.#parts.limits === 'on') this.#tooOften()
  }

  ping(): void {
    if (this.isOpen) this.#socket.ping()
  }

  endStalled(): void {
    if (this.#incoming.stalls(this.#socket))
      this.bye(1001, 'A message came too slowly. Connect again, and send it over a better line.')
  }

  closed(code: number): void {
    this.#leave(code)
    this.#parts.gone(this)
  }

  #tooOften(): void {
    this.bye(4009, closeCodes[4009].means, limits.tooOftenMs)
  }

  async #hello(text: string): Promise<void> {
    const read = readHello(text)
    if (!('hello' in read)) return this.#unread(read, text)
    this.#phase = 'opening'
    await this.#open(read.hello, text).catch(() => this.lose())
  }

  #unread(read: Rejected, text: string): void {
    this.#incoming.charge(text)
    if ('close' in read) this.bye(read.close, read.reason)
    else this.#send(refusalFrame(read))
    if (this.#phase === 'waiting for hello' && !this.#incoming.mayRepeatHello())
      this.bye(4002, 'The hello was wrong again and again.')
  }

  async #open(hello: Hello, text: string): Promise<void> {
    if (hello.token !== undefined && this.#identity)
      return this.#unread({ close: 4002, reason: 'Say once who you are.' }, text)
    if (hello.token !== undefined)
      this.#identity = await this.#parts.identify({ bearer: hello.token }, this.origin)
    if (!this.isOpen) return
    if (!this.#identity) return this.#unread({ close: 4001, reason: closeCodes[4001].means }, text)
    const refused = helloRefusal(this.user, this.#parts)
    if (refused) return this.bye(4009, refused.reason, refused.after)
    this.#parts.named(this)
    const epoch = this.#parts.epoch()
    const sameEpoch = hello.epoch === undefined || hello.epoch === epoch
    const { user: me, id: session } = this.#identity
    await this.#parts.hub.admit(this, hello.cursors, sameEpoch, heads => {
      this.#send({ t: 'welcome', epoch, me, session, node: this.#parts.node, heads })
      if (this.#phase !== 'opening') return
      this.#phase = 'open'
      for (const early of this.#early.splice(0)) this.#read(early)
    })
  }

  #frame(text: string): void {
    if (!this.isOpen) return
    const read = readFrame(text)
    if ('frame' in read) this.#take(read, text)
    else this.#unread(read, text)
  }

  #take({ frame, entries }: { frame: ClientFrame; entries: number }, text: string): void {
    switch (frame.t) {
      case 'call':
        void this.#call(frame, entries, text)
        return
      case 'signal':
        if (this.#incoming.mayType()) this.#parts.hub.typing(this, frame.room)
        return
      case 'watch':
        if (this.#watches.replace(frame.users)) this.#incoming.charge(text)
        return
      case 'ping':
        this.#send({ t: 'pong' })
        return
    }
  }

  async #call({ ref, op, input }: CallFrame, entries: number, text: string): Promise<void> {
    this.#calls.begin()
    // The log tells of it by the number of the upgrade, which that answer carries, and the call's own, which the reply does.
    const request = `${this.#id}.${ref}`
    const from = { who: this.#identity, transport: 'socket', origin: this.origin, request, entries } as const
    const reply = await this.#parts.serve(op, input, from, answer => {
      if (isInVain(answer)) this.#incoming.charge(text)
      return replyOf(ref, answer)
    })
    this.#calls.end(() => this.write(reply, 0))
  }

  #send(frame: ServerFrame): void {
    this.write(framed(frame), 0)
  }

  #cut(): void {
    this.#parts.metrics.cut++
    this.#leave(4008)
    this.#socket.close(4008)
    // Its queue is full, so the close frame will hardly arrive: the line goes with it when the time is over.
    this.#parts.clock.after(limits.drainMs, () => this.terminate())
  }

  #leave(code: number): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    this.#parts.metrics.closedWith(code)
    this.#held.take()
    this.#watches[Symbol.dispose]()
    this.#parts.hub.dismiss(this)
    this.#parts.left(this)
    this.#drained?.resolve(false)
    this.#drained = null
  }
}
