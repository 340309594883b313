import type { MessageId, RoomId, Seq } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import type { Send, Step, View } from './history-checker.ts'
import { TestSocket } from './socket.ts'

/** Counts what happened before what, for all talkers of a test. */
export class Turns {
  #now = 0
  next = (): number => ++this.#now
}

/**
 * Somebody who talks on in some rooms whatever happens to the server, and writes down all that they did and heard. What they do not know the
 * outcome of they send again under the same id, or, now and then, give up.
 */
export class Talker {
  readonly name: string
  readonly sends: Send[] = []
  acknowledged = 0
  /** Tries that nobody can tell the outcome of. */
  unknown = 0
  /** How long the slowest of what was acknowledged took, ms. */
  longestMs = 0
  readonly #url: string
  readonly #token: string
  readonly #random: () => number
  readonly #turns: Turns
  readonly #views: ReadonlyMap<RoomId, { steps: Step[]; cursor: Seq }>
  #socket: TestSocket | null = null
  #stopping = false
  #doubting = false
  #left = false

  constructor(
    name: string,
    url: string,
    token: string,
    rooms: readonly RoomId[],
    random: () => number,
    turns: Turns,
  ) {
    this.name = name
    this.#url = url
    this.#token = token
    this.#random = random
    this.#turns = turns
    this.#views = new Map(rooms.map(room => [room, { steps: [{ is: 'begin', after: 0 }], cursor: 0 }]))
  }

  get views(): View[] {
    return [...this.#views].map(([room, { steps }]) => ({ client: this.name, room, steps }))
  }

  /** Says one thing after another until `stop`, with so many ms in between. */
  async talk(pauseMs = 0): Promise<void> {
    const rooms = [...this.#views.keys()]
    while (!this.#stopping) {
      const room = rooms[Math.floor(this.#random() * rooms.length)] as RoomId
      await this.#say(room)
      if (pauseMs > 0) await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
  }

  stop(): void {
    this.#stopping = true
  }

  /** What is acknowledged or heard from now on may be anything, as by a server whose disk is gone: it counts as not heard. */
  doubt(): void {
    if (this.#socket) this.#take(this.#socket)
    this.#doubting = true
  }

  /** From a new socket on, what comes counts again. */
  trust(): void {
    this.#hangUp()
    this.#socket = null
    this.#doubting = false
  }

  /** Waits until a seq of a room was heard, coming back as often as it takes. */
  async hears(room: RoomId, seq: Seq): Promise<void> {
    while ((this.#views.get(room)?.cursor ?? 0) < seq) {
      const socket = await this.#connected()
      await socket.until(roomTopic(room), seq).catch(() => {})
      this.#take(socket)
    }
  }

  leave(): void {
    this.#left = true
    this.#hangUp()
  }

  #hangUp(): void {
    if (this.#socket) this.#take(this.#socket)
    this.#socket?.raw.terminate()
  }

  async #say(room: RoomId): Promise<void> {
    const id = newId<MessageId>()
    const text = `${this.name} says ${id}`
    const send = { client: this.name, room, id, text, invokedAt: this.#turns.next() }
    for (;;) {
      const answer = await this.#try(room, id, text)
      if (answer === 'unknown') this.unknown++
      if (answer === 'unknown' && this.#random() < 0.8 && !this.#stopping) continue
      if (answer === 'refused') this.sends.push({ ...send, outcome: { is: 'refused' } })
      else if (answer === 'unknown' || answer === 'doubtful')
        this.sends.push({ ...send, outcome: { is: 'unknown' } })
      else {
        this.sends.push({ ...send, outcome: { is: 'acknowledged', seq: answer, at: this.#turns.next() } })
        this.acknowledged++
      }
      return
    }
  }

  async #try(room: RoomId, id: MessageId, text: string): Promise<Seq | 'refused' | 'unknown' | 'doubtful'> {
    try {
      const socket = await this.#connected()
      const begun = performance.now()
      const reply = await socket.call('messages.post', { id, room, text })
      if (this.#doubting) return 'doubtful'
      if ('ok' in reply) {
        this.longestMs = Math.max(this.longestMs, performance.now() - begun)
        return reply.ok.seq
      }
      return reply.error.code === 'unavailable' || reply.error.code === 'internal' ? 'unknown' : 'refused'
    } catch {
      return 'unknown'
    }
  }

  /** The socket that is open, or a new one that goes on at the cursors. */
  async #connected(): Promise<TestSocket> {
    for (;;) {
      if (this.#left) throw new Error(`${this.name} has left`)
      const open = this.#socket
      if (open && open.raw.readyState === open.raw.OPEN) return open
      if (open) this.#take(open)
      const cursors = Object.fromEntries(
        [...this.#views].map(([room, { cursor }]) => [roomTopic(room), cursor]),
      )
      this.#socket = await TestSocket.in(this.#url, { bearer: this.#token }, cursors).catch(() => null)
      if (!this.#socket) await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  /** Writes down, once, what a socket has heard. */
  #take(socket: TestSocket): void {
    const frames = socket.frames.splice(0)
    if (this.#doubting) return
    for (const frame of frames) {
      for (const [room, view] of this.#views) {
        if (frame.t === 'reset' && frame.topic === roomTopic(room)) {
          view.steps.push({ is: 'reset', head: frame.head })
          view.cursor = frame.head
        }
        if (frame.t !== 'events' || frame.topic !== roomTopic(room)) continue
        for (const [n, event] of frame.events.entries()) {
          const posted = event.e === 'message.posted' ? { id: event.id, text: event.text } : { id: null }
          view.steps.push({ is: 'event', seq: frame.seq + n, ...posted })
          view.cursor = frame.seq + n
        }
      }
    }
  }
}
