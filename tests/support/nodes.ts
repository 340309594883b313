import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import type { Overrides } from '../../server/app.ts'
import type { Bus } from '../../server/core/ports/bus.ts'
import type { Clock } from '../../server/core/ports/clock.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Caller, Person, ServerAtAddress } from './app.ts'
import { TestServer } from './app.ts'
import type { Finding, History, Read, Send } from './history-checker.ts'
import { check } from './history-checker.ts'
import { joinedBuses } from './joined-bus.ts'
import { randomFrom } from './random.ts'
import { Talker, Turns } from './talker.ts'

interface Options {
  /** One for each node; joined in this process unless given. */
  readonly buses?: readonly Bus[]
  /** By settings instead, such as `redis-url`. */
  readonly flags?: Readonly<Record<string, string>>
  readonly clock?: Clock
  /** What is special about one node. */
  readonly overrides?: (node: number) => Overrides
}

/** Several nodes of one workspace, in one process and over one store. `await using` ends them all. */
export class Nodes implements SeveralNodes, AsyncDisposable {
  readonly store: Store
  readonly servers: readonly TestServer[]
  readonly #parts: AsyncDisposable

  private constructor(store: Store, servers: readonly TestServer[], parts: AsyncDisposable) {
    this.store = store
    this.servers = servers
    this.#parts = parts
  }

  static async open(count: number, options: Options = {}): Promise<Nodes> {
    await using parts = new AsyncDisposableStack()
    const directory = await mkdtemp(join(tmpdir(), 'confab-nodes-'))
    parts.defer(() => rm(directory, { recursive: true, force: true }))
    const { clock = systemClock, flags = {}, overrides = () => ({}) } = options
    const store = parts.use(await openSqliteStore({ directory, clock }))
    const buses = options.buses ?? ('redis-url' in flags ? [] : joinedBuses(count))
    const servers: TestServer[] = []
    for (let n = 0; n < count; n++) {
      const bus = buses[n]
      const own: Overrides = {
        clock,
        openStore: async () => shared(store),
        ...(bus && { bus }),
        ...overrides(n),
      }
      servers.push(parts.use(await TestServer.bare({ data: directory, ...flags }, own)))
    }
    return new Nodes(store, servers, parts.move())
  }

  get first(): TestServer {
    return this.servers[0] as TestServer
  }

  get second(): TestServer {
    return this.servers[1] as TestServer
  }

  /** Somebody who is signed in on the first node, by the same session on another. */
  at(server: TestServer, person: Person): Person {
    return person.at(server.url)
  }

  async seen(): Promise<void> {
    const pending = () => this.servers.some(({ app }) => app.core.setUpPending())
    while (pending()) await new Promise(resolve => setTimeout(resolve, 20))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]()
  }
}

/** No node ends what the others work with. */
const shared = (store: Store): Store => ({ ...store, [Symbol.asyncDispose]: async () => {} })

/** Nodes of one workspace, wherever they run. */
export interface SeveralNodes {
  readonly servers: readonly ServerAtAddress[]
  /** Resolves when every node knows that there is an owner; where there is one node it does. */
  seen?(): Promise<void>
}

/** Between what one of a crowd says: a few thousand messages in some seconds, so that the checker has them looked through in time. */
const usualPauseMs = 5

/** A crowd that talks on over all nodes, whatever happens to them, and what is wrong with what they saw. */
export class Crowd implements Disposable {
  readonly rooms: readonly RoomId[]
  readonly owner: Person
  readonly #servers: readonly ServerAtAddress[]
  readonly #talkers: readonly Talker[]
  readonly #tokens: readonly string[]
  readonly #talking: Promise<void>[]

  private constructor(
    servers: readonly ServerAtAddress[],
    { owner, rooms, tokens }: { owner: Person; rooms: readonly RoomId[]; tokens: readonly string[] },
    seed: number,
    pauseMs: number,
  ) {
    this.#servers = servers
    this.owner = owner
    this.rooms = rooms
    this.#tokens = tokens
    const turns = new Turns()
    this.#talkers = tokens.map((token, n) => {
      const { url } = this.#serverOf(n)
      return new Talker(`talker ${n}`, url, token, rooms, randomFrom(seed + n), turns)
    })
    this.#talking = this.#talkers.map(talker => talker.talk(pauseMs))
  }

  /** So many people in two rooms, who begin to talk, with so many ms between one thing and the next. */
  static async gather(
    nodes: SeveralNodes,
    people: number,
    seed: number,
    pauseMs = usualPauseMs,
  ): Promise<Crowd> {
    const [first] = nodes.servers
    assert.ok(first)
    const owner = await first.setUp('owner')
    const others: Person[] = []
    for (let n = 1; n < people; n++) others.push(await first.signUp(`talker${n}`))
    await nodes.seen?.()
    const rooms = [await owner.room('open', 'public', others), await owner.room('closed', 'private', others)]
    const tokens = await Promise.all([owner, ...others].map(async one => (await one.token()).token))
    return new Crowd(nodes.servers, { owner, rooms, tokens }, seed, pauseMs)
  }

  get acknowledged(): number {
    return this.#talkers.reduce((sum, talker) => sum + talker.acknowledged, 0)
  }

  /** Tries to send that nobody can tell the outcome of. */
  get unknown(): number {
    return this.#talkers.reduce((sum, talker) => sum + talker.unknown, 0)
  }

  /** How long the slowest of what was acknowledged took, ms. */
  get longestMs(): number {
    return Math.max(...this.#talkers.map(talker => talker.longestMs))
  }

  /** Resolves when so many more were acknowledged. */
  async says(more: number): Promise<void> {
    const until = this.acknowledged + more
    while (this.acknowledged < until) await new Promise(resolve => setTimeout(resolve, 2))
  }

  /** What anybody is told from now on counts as not heard; they talk on. */
  doubt(): void {
    for (const talker of this.#talkers) talker.doubt()
  }

  /** What they are told counts again. */
  trust(): void {
    for (const talker of this.#talkers) talker.trust()
  }

  /** Everything that anybody said and knows the outcome of, or gave up. */
  get sends(): readonly Send[] {
    return this.#talkers.flatMap(talker => talker.sends)
  }

  /** Lets everybody come to an end and hear everything; answers what they did, heard and read at last. */
  async history(): Promise<History> {
    for (const talker of this.#talkers) talker.stop()
    await Promise.all(this.#talking)
    const reads: Read[] = []
    for (const room of this.rooms) {
      for (const [n, token] of this.#tokens.entries()) {
        reads.push(await readAll(`reader ${n}`, this.#serverOf(n).byToken(token), room))
      }
      const last = reads.at(-1)?.messages.at(-1)?.seq ?? 0
      await Promise.all(this.#talkers.map(talker => talker.hears(room, last)))
    }
    this.#leave()
    return { sends: this.sends, views: this.#talkers.flatMap(talker => talker.views), reads }
  }

  /** The same, and answers every promise that was broken. */
  async end(): Promise<readonly Finding[]> {
    return check(await this.history())
  }

  [Symbol.dispose](): void {
    for (const talker of this.#talkers) talker.stop()
    this.#leave()
  }

  #serverOf(person: number): ServerAtAddress {
    return this.#servers[person % this.#servers.length] as ServerAtAddress
  }

  #leave(): void {
    for (const talker of this.#talkers) talker.leave()
  }
}

/** A room as somebody reads it from beginning to end. */
async function readAll(reader: string, caller: Caller, room: RoomId): Promise<Read> {
  const messages: { seq: number; id: MessageId; text: string }[] = []
  for (let after = 0; ; ) {
    const page = await caller.call('messages.list', { room, after, limit: 100 })
    messages.push(...page.messages.map(({ seq, id, text }) => ({ seq, id, text })))
    after = messages.at(-1)?.seq ?? 0
    if (!page.after) return { reader, room, messages }
  }
}
