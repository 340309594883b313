import assert from 'node:assert/strict'
import type { ErrorCode } from '../../contract/codes.ts'
import type { Message, Room, User } from '../../contract/entities.ts'
import type { Event } from '../../contract/events.ts'
import type { ServerFrame } from '../../contract/frames.ts'
import type { Epoch, MessageId, RoomId, Seq, SessionId, Topic, UserId } from '../../contract/ids.ts'
import { roomTopic, userTopic } from '../../contract/ids.ts'
import type { Input, OperationName, Output } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { CallResult } from '../../web/sync/model.ts'
import type { ClientClock, SocketListener, SocketPort } from '../../web/sync/ports.ts'
import type { Storage } from '../../web/sync/storage/storage.ts'
import { Device } from './device.ts'

/** Lets everything that is ready run. Nothing scripted takes longer: there is no network and no time of its own. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise(resolve => setImmediate(resolve))
}

/** A client's clock whose time the test turns on. */
export class TurnedClock implements ClientClock {
  #now = Date.UTC(2026, 0, 1)
  readonly #due = new Set<{ at: number; then: () => void }>()

  now = (): number => this.#now

  after = (ms: number, then: () => void) => {
    const due = { at: this.#now + ms, then }
    this.#due.add(due)
    return () => this.#due.delete(due)
  }

  /** Moves on, stopping at whatever is due on the way. */
  async turn(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      const [next] = [...this.#due].sort((a, b) => a.at - b.at)
      if (!next || next.at > end) break
      this.#now = Math.max(this.#now, next.at)
      this.#due.delete(next)
      next.then()
      await settle()
    }
    this.#now = end
    await settle()
  }
}

const id = <Id extends string>(n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}` as Id
export const alice = id<UserId>(1)
export const bob = id<UserId>(2)
export const general = id<RoomId>(11)
export const random = id<RoomId>(12)
export const epoch = id<Epoch>(21)
export const aliceTopic = userTopic(alice)
export const generalTopic = roomTopic(general)

export const userNamed = (user: UserId, name: string): User => ({
  id: user,
  username: name,
  displayName: name,
  firstName: '',
  lastName: '',
  status: '',
  avatar: null,
  role: 'member',
  state: 'active',
  createdAt: 1,
})
export const me = { ...userNamed(alice, 'alice'), email: 'alice@example.org' }

export const roomNamed = (room: RoomId, name: string): Room => ({
  id: room,
  kind: 'public',
  name,
  topic: '',
  archived: false,
  everyone: true,
  createdAt: 1,
  last: null,
})

export const said = (seq: Seq, by: UserId, text: string, room = general): Message => ({
  id: id<MessageId>(1_000 + seq),
  room,
  seq,
  author: by,
  at: seq,
  text,
  rev: 0,
})

export const posted = (message: Message): Event => ({
  e: 'message.posted',
  by: message.author,
  at: message.at,
  id: message.id,
  text: message.text,
})

export const refusal = (code: ErrorCode, more: object = {}) => ({
  error: { code, message: `${code}.`, ...more },
})

/** A bootstrap of alice's: she is in General, whose log ends at `head`, with nothing unread. */
export const bootAt = (head: Seq, more: Partial<Output<'bootstrap.get'>> = {}): Output<'bootstrap.get'> => ({
  epoch,
  workspace: { name: 'Test' },
  me,
  users: [me, userNamed(bob, 'bob')],
  rooms: [roomNamed(general, 'General')],
  memberships: [{ room: general, role: 'member', since: 2, read: head, hidden: 0 }],
  unread: {},
  cursors: { workspace: 5, [aliceTopic]: 3, [generalTopic]: head },
  ...more,
})

type Handlers = {
  [Name in OperationName]?: (
    input: Input<Name>,
  ) => CallResult<Output<Name>> | Promise<CallResult<Output<Name>>>
}

/** A server that does what the test's script says, over both transports, in memory. */
export class ScriptedServer {
  readonly handlers: Handlers = {
    'me.get': () => ({ ok: { me, seq: 3 } }),
    'bootstrap.get': () => ({ ok: bootAt(10) }),
    'messages.list': () => ({ ok: { messages: [], before: false, after: false, seq: 10 } }),
    'account.signOut': () => ({ ok: {} }),
  }
  /** Every call that came, over either transport. */
  readonly calls: { op: OperationName; input: unknown }[] = []
  readonly sockets: ScriptedSocket[] = []
  /** Those among them that outlive the page. */
  readonly lasting: OperationName[] = []
  isReachable = true

  called(op: OperationName): unknown[] {
    return this.calls.filter(call => call.op === op).map(call => call.input)
  }

  /** The newest socket. */
  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1)
    assert.ok(socket, 'nobody connected')
    return socket
  }

  openSocket = (listener: SocketListener): SocketPort => {
    const socket = new ScriptedSocket(listener, (op, input) => this.answer(op, input))
    this.sockets.push(socket)
    queueMicrotask(() => (this.isReachable ? listener.opened() : socket.close(1006)))
    return socket.port
  }

  fetch: typeof globalThis.fetch = async (url, init) => {
    if (!this.isReachable) throw new TypeError('fetch failed')
    const { op, input } = callOf(String(url), init ?? {})
    if (init?.keepalive) this.lasting.push(op)
    const answer = await this.answer(op, input)
    if ('unreachable' in answer) throw new TypeError('fetch failed')
    if ('ok' in answer) return Response.json(answer.ok)
    return Response.json({ error: answer.error }, { status: 400 })
  }

  async answer(op: OperationName, input: unknown): Promise<CallResult<unknown>> {
    this.calls.push({ op, input })
    const handler = this.handlers[op] as ((input: unknown) => CallResult<unknown>) | undefined
    return handler ? handler(input) : refusal('not_found')
  }
}

/** One connection, as the server sees it. */
export class ScriptedSocket {
  readonly frames: { t: string; [field: string]: unknown }[] = []
  readonly port: SocketPort
  isClosed = false
  readonly #listener: SocketListener

  constructor(
    listener: SocketListener,
    answer: (op: OperationName, input: unknown) => Promise<CallResult<unknown>>,
  ) {
    this.#listener = listener
    this.port = {
      send: text => {
        const frame = JSON.parse(text)
        this.frames.push(frame)
        if (frame.t === 'call')
          void answer(frame.op, frame.input).then(reply => {
            if (!('unreachable' in reply)) this.say({ t: 'reply', ref: frame.ref, ...reply })
          })
      },
      close: () => {
        this.isClosed = true
      },
    }
  }

  get hello(): { cursors: Record<Topic, Seq>; epoch?: Epoch } {
    const hello = this.frames.find(frame => frame.t === 'hello')
    assert.ok(hello, 'no hello came')
    return hello as never
  }

  say(frame: ServerFrame): void {
    if (!this.isClosed) this.#listener.received(JSON.stringify(frame))
  }

  welcome(heads: Record<Topic, Seq> = bootAt(10).cursors, at: Epoch = epoch): void {
    this.say({ t: 'welcome', epoch: at, me: alice, session: id<SessionId>(31), node: 'one', heads })
  }

  events(topic: Topic, seq: Seq, ...events: Event[]): void {
    this.say({ t: 'events', topic, seq, events })
  }

  close(code: number, reason = ''): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#listener.closed(code, reason)
  }
}

/** Which operation an HTTP request is, and its input. */
function callOf(url: string, init: RequestInit): { op: OperationName; input: unknown } {
  const { pathname, searchParams } = new URL(url)
  for (const [op, { method, path }] of Object.entries(operations)) {
    const form = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
    const parts = pathname.match(form)
    if (!parts || (init.method ?? 'GET') !== method) continue
    const body = init.body ? JSON.parse(String(init.body)) : Object.fromEntries(searchParams)
    return { op: op as OperationName, input: { ...body, ...parts.groups } }
  }
  throw new Error(`no operation is at ${url}`)
}

/** Alice's browser on that server. Waiting is decided by `clock`; jitter is always the whole of its bound, less a little. */
export function scriptedDevice(server: ScriptedServer, clock: TurnedClock, storage?: Storage): Device {
  const http = { base: 'http://test', fetch: server.fetch }
  return new Device({ clock, random: () => 0.999, openSocket: server.openSocket, http }, storage)
}

/** A tab that is online, with what the bootstrap says. */
export async function online(server: ScriptedServer, device: Device) {
  const client = await device.tab()
  await settle()
  server.socket.welcome()
  await settle()
  return client
}
