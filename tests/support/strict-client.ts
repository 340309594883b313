import type { FrameOf, StrictFrame } from './protocol-frames.ts'
import { strictFrame } from './protocol-frames.ts'

/** The server did something that docs/SPEC.md does not allow. */
export class ProtocolViolation extends Error {}

/** Where one topic stands on this connection. */
type Standing =
  /** The hello named it with this cursor, and nothing was said of it yet. */
  | { readonly is: 'named'; readonly cursor: number }
  /** It is served: the next event is `cursor + 1`. Those above `live` were appended after it was begun. */
  | { readonly is: 'served'; readonly cursor: number; readonly live: number }
  /** One's own removal was heard: nothing may follow it. */
  | { readonly is: 'removed' }
  | { readonly is: 'gone' }

/** The largest frame: what may be queued for one reader, and the one event that went over it. */
const frameBytes = 1024 * 1024 + 64 * 1024
/** What is kept for the report of a violation. */
const remembered = 30

/**
 * Holds everything that a server sends over one socket against docs/SPEC.md. It is told of each frame both ways, in order, and throws
 * a `ProtocolViolation` with the last frames at the first that is wrong.
 */
export class StrictClient {
  #hello: { cursors: Record<string, number>; epoch?: string } | null = null
  #welcome: FrameOf<'welcome'> | null = null
  #bye: FrameOf<'bye'> | null = null
  #closed = false
  #pings = 0
  readonly #refs = new Map<number, number>()
  readonly #watched = new Set<string>()
  readonly #topics = new Map<string, Standing>()
  readonly #last: string[] = []

  /** This side sent a text. What is no frame of the protocol is the server's to refuse. */
  sent(text: string): void {
    this.#remember(`> ${text}`)
    const frame = looseFrame(text)
    if (frame?.t === 'hello' && this.#welcome === null) this.#sayHello(frame)
    if (frame?.t === 'ping') this.#pings++
    if (frame?.t === 'call' && Number.isSafeInteger(frame.ref))
      this.#refs.set(frame.ref as number, (this.#refs.get(frame.ref as number) ?? 0) + 1)
    if (frame?.t === 'watch' && Array.isArray(frame.users))
      for (const user of frame.users) this.#watched.add(String(user))
  }

  received(text: string, isBinary = false): void {
    this.#remember(`< ${text}`)
    if (isBinary) this.#fail('A server sends text frames.')
    if (this.#closed) this.#fail('Nothing comes after the close.')
    if (this.#bye) this.#fail('Nothing comes after bye.')
    if (Buffer.byteLength(text) > frameBytes) this.#fail(`A frame is at most ${frameBytes} bytes.`)
    const read = strictFrame(text)
    if ('wrong' in read) this.#fail(`The frame ${read.wrong}.`)
    const { frame } = read
    if (!this.#welcome && !['welcome', 'error', 'bye'].includes(frame.t))
      this.#fail('welcome comes before everything else.')
    this.#take(frame)
  }

  closed(code: number): void {
    if (this.#closed) this.#fail('A socket closes once.')
    this.#closed = true
    // 1006 is a line that ended without the closing handshake.
    if (this.#bye && code !== this.#bye.code && code !== 1006)
      this.#fail(`bye said ${this.#bye.code}, and the socket closed with ${code}.`)
  }

  #sayHello(frame: Record<string, unknown>): void {
    const cursors = (typeof frame.cursors === 'object' && frame.cursors) || {}
    this.#hello = {
      cursors: cursors as Record<string, number>,
      ...(typeof frame.epoch === 'string' && { epoch: frame.epoch }),
    }
  }

  #take(frame: StrictFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.#welcomed(frame)
        break
      case 'events':
        this.#events(frame)
        break
      case 'reset':
        this.#reset(frame)
        break
      case 'gone':
        this.#gone(frame)
        break
      case 'reply':
        this.#reply(frame)
        break
      case 'signal':
        this.#signal(frame)
        break
      case 'pong':
        if (--this.#pings < 0) this.#fail('A pong answers a ping.')
        break
      case 'bye':
        if (frame.after !== undefined && frame.code !== 4000 && frame.code !== 4009)
          this.#fail('Only 4000 and 4009 tell when to come back.')
        this.#bye = frame
        break
      case 'error':
        break
    }
  }

  #welcomed(frame: FrameOf<'welcome'>): void {
    if (this.#welcome) this.#fail('welcome is said once.')
    if (!this.#hello) this.#fail('welcome answers a hello.')
    this.#welcome = frame
    for (const topic of Object.keys(frame.heads))
      if (!this.#mayServe(topic)) this.#fail(`${topic} is not served to ${frame.me}.`)
    if (!(`user:${frame.me}` in frame.heads)) this.#fail("One is served one's own log.")
    for (const [topic, cursor] of Object.entries(this.#hello.cursors))
      this.#topics.set(topic, { is: 'named', cursor })
    for (const [topic, head] of Object.entries(frame.heads))
      if (head === 0 && !this.#topics.has(topic))
        this.#topics.set(topic, { is: 'served', cursor: 0, live: 0 })
  }

  #mayServe(topic: string): boolean {
    return topic === 'workspace' || topic === `user:${this.#welcome?.me}` || topic.startsWith('room:')
  }

  #events({ topic, seq, events }: FrameOf<'events'>): void {
    const standing = this.#topics.get(topic)
    if (!standing) this.#fail(`${topic} was not begun: a reset comes first.`)
    if (standing.is === 'gone' || standing.is === 'removed')
      this.#fail(`Nothing of ${topic} comes after it is ${standing.is}, but for a reset.`)
    if (standing.is === 'named' && this.#isOtherEpoch())
      this.#fail(`${topic} is of another epoch: a reset comes first.`)
    if (seq !== standing.cursor + 1)
      this.#fail(`${topic} goes on with ${standing.cursor + 1}, and not with ${seq}.`)
    const live = standing.is === 'served' ? standing.live : (this.#welcome?.heads[topic] ?? 0)
    const cursor = seq + events.length - 1
    this.#topics.set(topic, { is: 'served', cursor, live })
    const removed = events.findIndex(
      event => event.e === 'member.removed' && event.user === this.#welcome?.me,
    )
    if (removed === -1 || seq + removed <= live) return
    if (removed < events.length - 1) this.#fail(`${topic} tells who was removed at ${seq + removed} of more.`)
    this.#topics.set(topic, { is: 'removed' })
  }

  #reset({ topic, head, why }: FrameOf<'reset'>): void {
    const standing = this.#topics.get(topic)
    if (!this.#mayServe(topic)) this.#fail(`${topic} is not served to ${this.#welcome?.me}.`)
    const cursor = standing && 'cursor' in standing ? standing.cursor : null
    if (standing?.is === 'served' && why !== 'behind') this.#fail(`${topic} is reset though it is served.`)
    // A cursor that the hello said, and that is caught up with page by page, may fall behind the log's start on the way.
    if (standing?.is === 'served' && standing.cursor >= standing.live)
      this.#fail(`${topic} is reset for the second time.`)
    const isNamed = standing?.is === 'named' || standing?.is === 'served'
    if (isNamed === (why === 'new')) this.#fail(`${topic} is not to be reset as ${why}.`)
    if (standing?.is === 'named' && this.#isOtherEpoch() !== (why === 'epoch'))
      this.#fail(`${topic} is reset as ${why}, with the epoch ${this.#hello?.epoch} in the hello.`)
    if (why === 'ahead' && cursor !== null && cursor <= head) this.#fail(`${cursor} is not ahead of ${head}.`)
    if (why === 'behind' && cursor !== null && cursor >= head) this.#fail(`${cursor} is not behind ${head}.`)
    if (head < (this.#welcome?.heads[topic] ?? 0)) this.#fail(`${topic} is reset to before its head.`)
    this.#topics.set(topic, { is: 'served', cursor: head, live: head })
  }

  #gone({ topic }: FrameOf<'gone'>): void {
    if (topic === 'workspace' || topic === `user:${this.#welcome?.me}`)
      this.#fail(`${topic} is one's own to the end.`)
    if (this.#topics.get(topic)?.is === 'gone') this.#fail(`${topic} is gone for the second time.`)
    this.#topics.set(topic, { is: 'gone' })
  }

  #reply({ ref }: FrameOf<'reply'>): void {
    const waiting = this.#refs.get(ref) ?? 0
    if (waiting === 0) this.#fail(`No call ${ref} waits for a reply.`)
    if (waiting === 1) this.#refs.delete(ref)
    else this.#refs.set(ref, waiting - 1)
  }

  #signal(signal: FrameOf<'signal'>): void {
    if (signal.s === 'presence') {
      if (!this.#watched.has(signal.user)) this.#fail('Presence is told of who is watched.')
      return
    }
    if (signal.user === this.#welcome?.me) this.#fail('Nobody is told that they type themselves.')
    const standing = this.#topics.get(`room:${signal.room}`)
    const isServed = standing?.is === 'served' || standing?.is === 'named'
    if (!isServed) this.#fail('Who types is told to who is served the room.')
  }

  #isOtherEpoch(): boolean {
    return this.#hello?.epoch !== undefined && this.#hello.epoch !== this.#welcome?.epoch
  }

  #remember(line: string): void {
    this.#last.push(line.length > 400 ? `${line.slice(0, 400)}...` : line)
    if (this.#last.length > remembered) this.#last.shift()
  }

  #fail(what: string): never {
    throw new ProtocolViolation(`${what}\nThe last frames:\n${this.#last.join('\n')}`)
  }
}

function looseFrame(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Ends the test that runs, whoever waits for what: nobody can catch it. */
export function guarded(check: () => void): void {
  try {
    check()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
