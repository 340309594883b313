import { roomId, userId } from '../../../contract/id-schemas.ts'
import type { RoomId, Topic, UserId } from '../../../contract/ids.ts'
import type { Bus } from '../ports/bus.ts'
import type { Log } from '../ports/log.ts'

/** How many of each one person took: of posts, changes and pictures. */
export type TakenCounts = {
  readonly user: UserId
  readonly posts: number
  readonly changes: number
  readonly pictures: number
}

/** What nodes say to one another beside announcements. Never stored, may be dropped (S1). */
export type NodeSignal =
  /** To who follows the room. */
  | { readonly s: 'typing'; readonly room: RoomId; readonly user: UserId }
  /** Who came to this node and who went since it last said so. */
  | { readonly s: 'moved'; readonly came: readonly UserId[]; readonly went: readonly UserId[] }
  /** Everybody on this node, in parts that follow each other: 1 to `of`. */
  | { readonly s: 'everybody'; readonly part: number; readonly of: number; readonly users: readonly UserId[] }
  /** Asks every node for everybody. */
  | { readonly s: 'who' }
  /** This node ends, and its people are gone from it. */
  | { readonly s: 'ends' }
  /** What was taken of the rates here since it last said so. */
  | { readonly s: 'taken'; readonly taken: readonly TakenCounts[] }

type Kind = NodeSignal['s']
type Of<K extends Kind> = Extract<NodeSignal, { s: K }>
type Listener<K extends Kind> = (signal: Of<K>, from: string) => void

/** What a malformed signal of another node is told at most this often for. */
const complainEvery = 1_000

/** Signals between nodes: said as values, heard as values. What is malformed is dropped and logged. */
export class NodeSignals implements Disposable {
  readonly #bus: Bus
  readonly #log: Log
  readonly #listeners = new Map<Kind, Set<(signal: NodeSignal, from: string) => void>>()
  readonly #lost = new Set<() => void>()
  readonly #listening: Disposable
  #malformed = 0

  constructor(parts: { bus: Bus; log: Log }) {
    this.#bus = parts.bus
    this.#log = parts.log
    this.#listening = this.#bus.listen({
      announced: () => {},
      signalled: (text, from) => this.#signalled(text, from),
      lost: topics => {
        if (!topics) for (const listener of this.#lost) listener()
      },
    })
  }

  /** Whether there is no other node: what would only be said need not be gathered. */
  get alone(): boolean {
    return this.#bus.state === 'alone'
  }

  /** To every node; with a topic, to those that follow it. */
  say(signal: NodeSignal, topic?: Topic): void {
    if (!this.alone) this.#bus.signal(JSON.stringify(signal), topic)
  }

  on<K extends Kind>(kind: K, listener: Listener<K>): Disposable {
    const listeners = this.#listeners.get(kind) ?? new Set()
    this.#listeners.set(kind, listeners)
    // Kept under its kind, it is called with signals of that kind alone, which the compiler does not follow through the map.
    const kept = listener as (signal: NodeSignal, from: string) => void
    listeners.add(kept)
    return { [Symbol.dispose]: () => void listeners.delete(kept) }
  }

  /** Calls back when signals may have been missed. */
  onLost(listener: () => void): Disposable {
    this.#lost.add(listener)
    return { [Symbol.dispose]: () => void this.#lost.delete(listener) }
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]()
  }

  #signalled(text: string, from: string): void {
    const signal = readSignal(text)
    if (signal) for (const listener of this.#listeners.get(signal.s) ?? []) listener(signal, from)
    else if (this.#malformed++ % complainEvery === 0)
      this.#log.warn(
        { from, bytes: text.length },
        'A node said what this one does not understand. It was dropped.',
      )
  }
}

/** A signal exactly as a node says it, or null. */
export function readSignal(text: string): NodeSignal | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(value) || typeof value.s !== 'string' || !Object.hasOwn(shapes, value.s)) return null
  const fields = Object.entries(shapes[value.s as Kind])
  if (Object.keys(value).length !== fields.length + 1) return null
  if (!fields.every(([name, fits]) => fits(value[name]))) return null
  // Its fields were looked at one by one.
  return value as NodeSignal
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isUser = (value: unknown): boolean => userId.safeParse(value).success
const areUsers = (value: unknown): boolean => Array.isArray(value) && value.every(isUser)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isTaken = (value: unknown): boolean =>
  isRecord(value) &&
  Object.keys(value).length === 4 &&
  isUser(value.user) &&
  [value.posts, value.changes, value.pictures].every(isCount)

const shapes: Record<Kind, Readonly<Record<string, (value: unknown) => boolean>>> = {
  typing: { room: value => roomId.safeParse(value).success, user: isUser },
  moved: { came: areUsers, went: areUsers },
  everybody: { part: isCount, of: isCount, users: areUsers },
  who: {},
  ends: {},
  taken: { taken: value => Array.isArray(value) && value.every(isTaken) },
}
