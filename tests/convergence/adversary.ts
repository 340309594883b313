import type { SocketListener, SocketPort } from '../../web/sync/ports.ts'

type Open = (listener: SocketListener) => SocketPort

/**
 * A network of somebody who means ill, from a seed: frames of both directions wait until it lets some of them through, in order, but for
 * replies, which come earlier or later than the events beside them (no order of the two is promised); lines are cut at any place, so that what was sent may or may not have arrived; answers over HTTP are late, or lost after the
 * server did what was asked.
 */
export class Adversary {
  readonly #random: () => number
  readonly #wires = new Set<Wire>()
  readonly #held = new Set<() => void>()
  #isOver = false

  constructor(random: () => number) {
    this.#random = random
  }

  /** The sockets that `open` opens, in its hands. */
  between(open: Open): Open {
    return listener => {
      const wire = new Wire(open, {
        ...listener,
        closed: (code, reason) => {
          this.#wires.delete(wire)
          listener.closed(code, reason)
        },
      })
      if (this.#isOver) wire.release()
      else this.#wires.add(wire)
      return wire
    }
  }

  /** `fetch`, in its hands. */
  fetch: typeof globalThis.fetch = async (...request) => {
    const response = await globalThis.fetch(...request)
    if (!this.#isOver) await new Promise<void>(resolve => this.#held.add(resolve))
    if (!this.#isOver && this.#random() < 0.2) throw new TypeError('the answer was lost')
    return response
  }

  /** Does one ill thing, or a good one. */
  step(): void {
    const wire = this.#some([...this.#wires])
    if (wire && this.#random() < 0.03) wire.cut(this.#random)
    else if (this.#random() < 0.7) wire?.flush(1 + Math.floor(this.#random() * 6), this.#random)
    const late = this.#random() < 0.5 ? this.#some([...this.#held]) : undefined
    if (late && this.#held.delete(late)) late()
  }

  /** Lets everything through from now on. */
  release(): void {
    this.#isOver = true
    for (const wire of this.#wires) wire.release()
    for (const resolve of this.#held) resolve()
    this.#held.clear()
  }

  #some<T>(things: readonly T[]): T | undefined {
    return things[Math.floor(this.#random() * things.length)]
  }
}

/** Frames that wait, in their order. */
type Queue = (() => void)[]

/** One socket whose frames wait in both directions. */
class Wire implements SocketPort {
  readonly #listener: SocketListener
  readonly #out: Queue = []
  readonly #in: Queue = []
  readonly #replies: Queue = []
  readonly #socket: SocketPort
  #isFree = false
  #isDead = false

  constructor(open: Open, listener: SocketListener) {
    this.#listener = listener
    this.#socket = open({
      opened: () => this.#wait(this.#in, () => listener.opened()),
      received: text => {
        const queue = text.startsWith('{"t":"reply"') ? this.#replies : this.#in
        this.#wait(queue, () => listener.received(text))
      },
      closed: (code, reason) => this.#wait(this.#in, () => this.#die(code, reason)),
    })
  }

  send(text: string): void {
    this.#wait(this.#out, () => this.#socket.send(text))
  }

  close(): void {
    this.#die(1006, '')
  }

  flush(count: number, random: () => number): void {
    // A reply waits longer than the events beside it: what happens while a read is on its way is what goes wrong.
    const queue = random() < 0.12 ? this.#replies : random() < 0.6 ? this.#in : this.#out
    for (const frame of queue.splice(0, count)) if (!this.#isDead) frame()
  }

  /** Some of what is on its way still arrives, and the rest never. */
  cut(random: () => number): void {
    for (const queue of this.#queues)
      for (const frame of queue.splice(0, Math.floor(random() * (queue.length + 1))))
        if (!this.#isDead) frame()
    this.#die(1006, 'cut')
  }

  release(): void {
    this.#isFree = true
    for (const queue of this.#queues) for (const frame of queue.splice(0)) if (!this.#isDead) frame()
  }

  get #queues(): readonly Queue[] {
    return [this.#out, this.#in, this.#replies]
  }

  #wait(queue: Queue, frame: () => void): void {
    if (this.#isDead) return
    if (this.#isFree) frame()
    else queue.push(frame)
  }

  #die(code: number, reason: string): void {
    if (this.#isDead) return
    this.#isDead = true
    this.#socket.close()
    this.#listener.closed(code, reason)
  }
}
