import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ErrorCode } from '../../contract/codes.ts'
import type { Event } from '../../contract/events.ts'
import type { MessageId, RoomId, TokenId, Topic, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Input, OperationName, Output, Parsed } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import { memoryBus } from '../../server/adapters/bus/memory.ts'
import { openDiskFiles } from '../../server/adapters/files/disk.ts'
import type { Place } from '../../server/copies/places.ts'
import { placeOf } from '../../server/copies/places.ts'
import type { Answer, Identity, Refusal } from '../../server/core/answer.ts'
import { createPasswords } from '../../server/core/authentication/passwords.ts'
import type { Call } from '../../server/core/call.ts'
import { Admission } from '../../server/core/call.ts'
import type { Core, CoreParts } from '../../server/core/core.ts'
import { createCore } from '../../server/core/core.ts'
import type { Change } from '../../server/core/log/change.ts'
import { Feed } from '../../server/core/log/feed.ts'
import type { Files } from '../../server/core/ports/files.ts'
import type { Log } from '../../server/core/ports/log.ts'
import type { Pictures } from '../../server/core/ports/pictures.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { HandClock } from './hand-clock.ts'
import { placeHere } from './here.ts'

/** The password of everybody in the tests, and the code that makes the owner. */
export const password = 'correct horse battery'
export const setupCode = 'a-set-up-code-for-tests'
const from = { address: '192.0.2.1', agent: 'a test' }

/** As quick as a hash can be: what is tested here is who may, not how hard a password is to guess. */
const quick = createPasswords({
  derive: async (given, salt) => createHash('sha256').update(salt).update(given).digest(),
})

/** Pictures that are as large as what was given. */
const anyPicture: Pictures = {
  square: async bytes => ({ is: 'done', sizes: { 512: bytes, 128: bytes.slice(1), 48: bytes.slice(2) } }),
  [Symbol.asyncDispose]: async () => {},
}

type Options = Partial<CoreParts> & { readonly wrap?: (store: Store) => Store }

/** A core on a store, files and a clock of its own. `await using` ends it and takes its folder away. */
export class TestCore implements AsyncDisposable {
  readonly directory: string
  /** Where its store keeps what it is given, as the commands that copy workspaces name it. */
  readonly place: Place
  readonly clock: HandClock
  readonly store: Store
  readonly files: Files
  readonly core: Core
  readonly logged: string[]
  readonly #given: CoreParts
  readonly #parts: AsyncDisposable

  private constructor(
    of: Pick<TestCore, 'directory' | 'place' | 'clock' | 'store' | 'files' | 'core' | 'logged'>,
    given: CoreParts,
    parts: AsyncDisposable,
  ) {
    this.directory = of.directory
    this.place = of.place
    this.clock = of.clock
    this.store = of.store
    this.files = of.files
    this.core = of.core
    this.logged = of.logged
    this.#given = given
    this.#parts = parts
  }

  static async open(options: Options = {}): Promise<TestCore> {
    await using parts = new AsyncDisposableStack()
    const directory = await mkdtemp(join(tmpdir(), 'confab-core-'))
    parts.defer(() => rm(directory, { recursive: true, force: true }))
    const clock = new HandClock()
    const here = parts.use(await placeHere())
    const opened = parts.use(await here.open(directory, clock))
    const place = placeOf(here.flags['database-url'] ?? directory, directory)
    const store = options.wrap?.(opened) ?? opened
    const files = await openDiskFiles(join(directory, 'files'))
    const writer = parts.use(new Feed({ store, bus: memoryBus(), clock, compareEveryMs: null }))
    const logged: string[] = []
    const usual = { store, writer, files, clock, log: logTo(logged), pictures: anyPicture, passwords: quick }
    const given: CoreParts = { ...usual, limits: 'off', setupCode, ...options }
    const core = parts.use(createCore(given))
    await core.start()
    return new TestCore({ directory, place, clock, store, files, core, logged }, given, parts.move())
  }

  /** Whoever is not signed in. */
  get nobody(): Actor {
    return new Actor(this.core, null)
  }

  /** Somebody by an identity that may no longer hold. */
  as(who: Identity): Actor {
    return new Actor(this.core, who)
  }

  async setUp(username = 'owner'): Promise<Actor> {
    return this.#enter('workspace.setUp', { code: setupCode, workspace: 'Test', username, password })
  }

  async signUp(username: string): Promise<Actor> {
    return this.#enter('account.signUp', { username, password })
  }

  async signIn(username: string, as: string = password): Promise<Actor> {
    return this.#enter('account.signIn', { username, password: as })
  }

  /** Another core on the same store and files, as after a restart; it is not started. */
  another(wrap: (store: Store) => Store = store => store): Core {
    const store = wrap(this.store)
    const writer = { commit: (change: Change) => store.commit(change) }
    return createCore({ ...this.#given, store, writer })
  }

  /** The events of a log, as they are stored now. */
  async events(topic: Topic): Promise<Event[]> {
    const { bodies } = await this.store.events(topic, 0, { events: 10_000, bytes: 1e8 })
    return bodies.map(body => JSON.parse(body))
  }

  /** Whether the text stands anywhere in the files of the data directory. */
  async grep(text: string): Promise<boolean> {
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    const contents = await Promise.all(files.map(file => readFile(file)))
    return contents.some(bytes => bytes.includes(text))
  }

  async #enter<Name extends 'workspace.setUp' | 'account.signUp' | 'account.signIn'>(
    op: Name,
    input: Input<Name>,
  ): Promise<Actor> {
    const answer = await this.nobody.ask(op, input)
    assert.ok('ok' in answer, `${op} was refused: ${JSON.stringify(answer)}`)
    assert.ok(answer.cookie, `${op} began no session`)
    const who = await this.core.identify({ cookie: answer.cookie })
    assert.ok(who)
    return new Actor(this.core, who, answer.cookie)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]()
  }
}

function logTo(lines: string[]): Log {
  const line = (fields: object, sentence: string) => void lines.push(`${sentence} ${JSON.stringify(fields)}`)
  return { debug: line, info: line, warn: line, error: line }
}

/** Somebody who calls operations, each input and answer held against the contract. */
export class Actor {
  readonly #core: Core
  readonly identity: Identity | null
  /** The session's secret, where there is one. */
  readonly cookie: string

  constructor(core: Core, identity: Identity | null, cookie = '') {
    this.#core = core
    this.identity = identity
    this.cookie = cookie
  }

  get id(): UserId {
    assert.ok(this.identity)
    return this.identity.user
  }

  async ask<Name extends OperationName>(
    op: Name,
    input: Input<Name>,
    more: { bytes?: Uint8Array; address?: string; device?: string } = {},
  ): Promise<Answer<Output<Name>>> {
    const parsed = operations[op].input.parse(input) as Parsed<Name>
    const admission = Admission.of(op, this.identity)
    if ('error' in admission) return admission
    const call = {
      admission,
      input: parsed,
      from: {
        ...from,
        address: more.address ?? from.address,
        ...(more.device !== undefined && { device: more.device }),
      },
      ...(more.bytes ? { bytes: more.bytes } : {}),
    }
    const handler = this.#core.handlers[op] as (call: Call<Name>) => Promise<Answer<Output<Name>>>
    const answer = await handler(call)
    if ('ok' in answer) operations[op].output.parse(answer.ok)
    return answer
  }

  /** The answer; a refusal fails the test. */
  async ok<Name extends OperationName>(
    op: Name,
    input: Input<Name>,
    bytes?: Uint8Array,
  ): Promise<Output<Name>> {
    const answer = await this.ask(op, input, bytes ? { bytes } : {})
    assert.ok('ok' in answer, `${op} was refused: ${JSON.stringify(answer)}`)
    return answer.ok
  }

  /** Why not; an answer, or another code, fails the test. */
  async refused<Name extends OperationName>(
    op: Name,
    input: Input<Name>,
    code: ErrorCode,
    field?: string,
  ): Promise<Refusal['error']> {
    const answer = await this.ask(op, input)
    assert.ok('error' in answer, `${op} was not refused: ${JSON.stringify(answer)}`)
    assert.equal(answer.error.code, code, JSON.stringify(answer))
    assert.equal(answer.error.field, field, JSON.stringify(answer))
    return answer.error
  }

  async room(
    name: string,
    kind: 'public' | 'private' = 'public',
    others: readonly Actor[] = [],
  ): Promise<RoomId> {
    const id = newId<RoomId>()
    await this.ok('rooms.create', { id, kind, name })
    for (const other of others) await this.ok('members.put', { id, user: other.id })
    return id
  }

  async direct(...others: readonly Actor[]): Promise<RoomId> {
    return (await this.ok('direct.open', { users: others.map(other => other.id) })).room.id
  }

  async says(room: RoomId, text: string): Promise<{ id: MessageId; seq: number }> {
    const id = newId<MessageId>()
    const { seq } = await this.ok('messages.post', { id, room, text })
    return { id, seq }
  }

  /** The same person by a new token. */
  async script(): Promise<{ script: Actor; id: TokenId; secret: string }> {
    const id = newId<TokenId>()
    const { token: secret } = await this.ok('tokens.create', { id, name: 'script' })
    assert.ok(secret)
    const who = await this.#core.identify({ bearer: secret })
    assert.ok(who)
    return { script: new Actor(this.#core, who), id, secret }
  }

  /** The room of this name that everyone is in. */
  async roomNamed(name: string): Promise<RoomId> {
    const { rooms } = await this.ok('rooms.list', {})
    const room = rooms.find(each => each.name === name)
    assert.ok(room, `there is no room ${name}`)
    return room.id
  }
}
