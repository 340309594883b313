import type { PresenceState as State } from '../../../contract/frames.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { NodeSignals } from './node-signals.ts'

/** Who came and went is told together, so that a thousand who reconnect are a few signals. */
const notifyAfterMs = 100
/** Whoever asks for everybody is answered together with the others who ask. */
const answerAfterMs = 200
const everybodyEveryMs = 20_000
/** A node that says nothing for so long is gone, and its people with it (S2). */
const silentMs = 50_000
const sweepEveryMs = 5_000
const usersAPart = 1_000

interface OtherNode {
  people: Set<UserId>
  /** The parts of everybody that came so far. */
  coming: UserId[]
  part: number
  heardAt: number
}

interface RemotePresenceParts {
  readonly signals: NodeSignals
  readonly clock: Clock
  /** Everybody who is on this node. */
  here(): Iterable<UserId>
  /** Somebody came to one of the other nodes, and was on none, or went from the last. */
  changed(user: UserId, state: State): void
}

/**
 * The other nodes and who is there, by what they say: who came, who went, and every 20 s everybody. Nothing of it is stored; what is lost
 * is mended by the next everybody.
 */
export class RemotePresence implements Disposable {
  readonly #parts: RemotePresenceParts
  readonly #nodes = new Map<string, OtherNode>()
  /** On how many of the other nodes each person is. */
  readonly #people = new Map<UserId, number>()
  readonly #held: Disposable[]
  #moved = new Map<UserId, State>()
  #telling: Disposable | null = null
  #answering: Disposable | null = null

  constructor(parts: RemotePresenceParts) {
    this.#parts = parts
    const { signals, clock } = parts
    this.#held = [
      signals.on('moved', ({ came, went }, from) => this.#heardMoved(from, came, went)),
      signals.on('everybody', (signal, from) => this.#heardPart(from, signal)),
      signals.on('who', () => this.#answerSoon()),
      signals.on('ends', (_, from) => this.#gone(from)),
      signals.onLost(() => this.#ask()),
      clock.every(everybodyEveryMs, () => this.#sayEverybody()),
      clock.every(sweepEveryMs, () => this.#sweep()),
    ]
    this.#ask()
  }

  has(user: UserId): boolean {
    return this.#people.has(user)
  }

  /** Tells the others that somebody came to this node, or went from it. */
  notify(user: UserId, state: State): void {
    this.#moved.set(user, state)
    this.#telling ??= this.#parts.clock.after(notifyAfterMs, () => this.#sayMoved())
  }

  [Symbol.dispose](): void {
    for (const held of [...this.#held, this.#telling, this.#answering]) held?.[Symbol.dispose]()
    this.#parts.signals.say({ s: 'ends' })
  }

  #ask(): void {
    this.#parts.signals.say({ s: 'who' })
    this.#answerSoon()
  }

  #answerSoon(): void {
    this.#answering ??= this.#parts.clock.after(answerAfterMs, () => this.#sayEverybody())
  }

  #sayMoved(): void {
    this.#telling?.[Symbol.dispose]()
    this.#telling = null
    const moved = [...this.#moved]
    this.#moved = new Map()
    const who = (state: State) => moved.flatMap(([user, now]) => (now === state ? [user] : []))
    if (moved.length > 0) this.#parts.signals.say({ s: 'moved', came: who('online'), went: who('offline') })
  }

  #sayEverybody(): void {
    this.#answering?.[Symbol.dispose]()
    this.#answering = null
    this.#sayMoved()
    const users = [...this.#parts.here()]
    const of = Math.max(1, Math.ceil(users.length / usersAPart))
    for (let part = 1; part <= of; part++)
      this.#parts.signals.say({
        s: 'everybody',
        part,
        of,
        users: users.slice((part - 1) * usersAPart, part * usersAPart),
      })
  }

  #node(name: string): OtherNode {
    const now = this.#parts.clock.monotonic()
    const node = this.#nodes.get(name) ?? { people: new Set(), coming: [], part: 0, heardAt: now }
    node.heardAt = now
    this.#nodes.set(name, node)
    return node
  }

  #heardMoved(from: string, came: readonly UserId[], went: readonly UserId[]): void {
    const node = this.#node(from)
    for (const user of came) this.#came(node, user)
    for (const user of went) this.#went(node, user)
  }

  #heardPart(
    from: string,
    { part, of, users }: { part: number; of: number; users: readonly UserId[] },
  ): void {
    const node = this.#node(from)
    if (part === 1) node.coming = []
    // A part was lost: this everybody is of no use, and the next one comes.
    else if (part !== node.part + 1) return
    node.part = part
    node.coming.push(...users)
    if (part < of) return
    const now = new Set(node.coming)
    node.coming = []
    for (const user of now) this.#came(node, user)
    for (const user of [...node.people]) if (!now.has(user)) this.#went(node, user)
  }

  #came(node: OtherNode, user: UserId): void {
    if (node.people.has(user)) return
    node.people.add(user)
    const before = this.#people.get(user) ?? 0
    this.#people.set(user, before + 1)
    if (before === 0) this.#parts.changed(user, 'online')
  }

  #went(node: OtherNode, user: UserId): void {
    if (!node.people.delete(user)) return
    const now = (this.#people.get(user) ?? 0) - 1
    if (now > 0) this.#people.set(user, now)
    else if (this.#people.delete(user)) this.#parts.changed(user, 'offline')
  }

  #gone(name: string): void {
    const node = this.#nodes.get(name)
    if (!node) return
    this.#nodes.delete(name)
    for (const user of [...node.people]) this.#went(node, user)
  }

  #sweep(): void {
    const now = this.#parts.clock.monotonic()
    for (const [name, { heardAt }] of this.#nodes) if (now - heardAt >= silentMs) this.#gone(name)
  }
}
