import assert from 'node:assert/strict'
import WebSocket from 'ws'
import type { Event } from '../../contract/events.ts'
import type { ServerFrame } from '../../contract/frames.ts'
import type { Seq, Topic } from '../../contract/ids.ts'
import type { Input, OperationName, Output } from '../../contract/operations.ts'
import { guarded, StrictClient } from './strict-client.ts'

type FrameOf<T extends ServerFrame['t']> = Extract<ServerFrame, { t: T }>
type Reply<Name extends OperationName> = { ok: Output<Name> } | { error: FrameOf<'error'> }

/** How a test's socket says who it is, and what else it says at the upgrade. */
export interface Upgrade {
  readonly cookie?: string
  readonly bearer?: string
  readonly origin?: string
  readonly host?: string
  readonly protocols?: string[]
  /** Answers no ping, as a line that is cut without a goodbye. */
  readonly mute?: boolean
}

/** A WebSocket client for tests: it keeps every frame, waits for one instead of sleeping, and holds each against the protocol. */
export class TestSocket implements Disposable {
  readonly frames: ServerFrame[] = []
  readonly raw: WebSocket
  /** The close code, once it is closed. */
  readonly closed: Promise<number>
  readonly #strict = new StrictClient()
  #ref = 0
  readonly #calls = new Map<number, (reply: ServerFrame) => void>()
  readonly #waiting = new Set<() => void>()

  constructor(url: string, upgrade: Upgrade = {}) {
    const { cookie, bearer, origin, host, protocols = ['confab.v1'], mute = false } = upgrade
    this.raw = new WebSocket(`${url.replace('http', 'ws')}/ws`, protocols, {
      autoPong: !mute,
      headers: {
        ...(cookie !== undefined && { cookie }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(host !== undefined && { host }),
        ...(origin !== undefined && { origin }),
      },
    })
    this.raw.on('message', (data, isBinary) => {
      guarded(() => this.#strict.received(data.toString(), isBinary))
      const frame = JSON.parse(data.toString()) as ServerFrame
      this.frames.push(frame)
      if (frame.t === 'reply') this.#calls.get(frame.ref)?.(frame)
      this.#wake()
    })
    this.closed = new Promise(resolve => {
      this.raw.on('close', code => {
        guarded(() => this.#strict.closed(code))
        resolve(code)
        this.#wake()
      })
    })
    this.raw.on('error', () => {})
  }

  /** Resolves when the server switched protocols; the HTTP status where it refused; 0 where there is no server. */
  opened(): Promise<'open' | number> {
    if (this.raw.readyState === WebSocket.OPEN) return Promise.resolve('open')
    return new Promise(resolve => {
      this.raw.once('open', () => resolve('open'))
      this.raw.once('unexpected-response', (_, response) => {
        resolve(response.statusCode ?? 0)
        response.destroy()
      })
      this.raw.once('close', () => resolve(0))
    })
  }

  /** Opens, says hello, and waits for the welcome. */
  static async in(
    url: string,
    upgrade: Upgrade,
    cursors: Partial<Record<Topic, Seq>> = {},
    more: object = {},
  ): Promise<TestSocket> {
    const socket = new TestSocket(url, upgrade)
    assert.equal(await socket.opened(), 'open')
    socket.send({ t: 'hello', v: 1, cursors, ...more })
    await socket.frame('welcome')
    return socket
  }

  /** The same for somebody who is signed in, on one of the nodes that know them. */
  static of(
    server: { readonly url: string },
    { cookie }: { readonly cookie: string },
    cursors: Partial<Record<Topic, Seq>> = {},
  ): Promise<TestSocket> {
    return TestSocket.in(server.url, { cookie, origin: server.url }, cursors)
  }

  send(frame: object | string): void {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame)
    this.#strict.sent(text)
    this.raw.send(text)
  }

  /** The first frame of this kind, from the `from`-th on, that fits; waits for it. */
  async frame<T extends ServerFrame['t']>(
    t: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
    from = 0,
  ): Promise<FrameOf<T>> {
    for (;;) {
      const found = this.frames
        .slice(from)
        .find((frame): frame is FrameOf<T> => frame.t === t && fits(frame as FrameOf<T>))
      if (found) return found
      if (this.raw.readyState === WebSocket.CLOSED)
        throw new Error(`closed while waiting for ${t}: ${JSON.stringify(this.frames)}`)
      await new Promise<void>(resolve => this.#waiting.add(resolve))
    }
  }

  async call<Name extends OperationName>(op: Name, input: Input<Name>): Promise<Reply<Name>> {
    const ref = this.#ref++
    const reply = new Promise<ServerFrame>((resolve, reject) => {
      this.#calls.set(ref, resolve)
      void this.closed.then(code => reject(new Error(`closed with ${code} before ${op} was answered`)))
    })
    this.send({ t: 'call', ref, op, input })
    return (await reply.finally(() => this.#calls.delete(ref))) as unknown as Reply<Name>
  }

  /** Everything heard of a topic, each with its seq, in the order in which it came. */
  heard(topic: Topic): { seq: Seq; event: Event }[] {
    return this.frames
      .filter((frame): frame is FrameOf<'events'> => frame.t === 'events' && frame.topic === topic)
      .flatMap(frame => frame.events.map((event, n) => ({ seq: frame.seq + n, event })))
  }

  /** Waits until a seq of the topic was heard. */
  async until(topic: Topic, seq: Seq): Promise<void> {
    await this.frame('events', frame => frame.topic === topic && frame.seq + frame.events.length > seq)
  }

  /** Waits until everything that the server sent before now has come: it answers frames in order. */
  async settled(): Promise<void> {
    const from = this.frames.length
    this.send({ t: 'ping' })
    await this.frame('pong', () => true, from)
  }

  close(): void {
    this.raw.close()
  }

  [Symbol.dispose](): void {
    this.raw.terminate()
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const resolve of waiting) resolve()
  }
}
