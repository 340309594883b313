import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Me } from '../../contract/entities.ts'
import type { WireError } from '../../contract/frames.ts'
import type { MessageId, RoomId, TokenId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Input, OperationName, Output } from '../../contract/operations.ts'
import type { App, Overrides } from '../../server/app.ts'
import { buildApp } from '../../server/app.ts'
import type { Config } from '../../server/config.ts'
import { readConfig } from '../../server/config.ts'
import { callHttp } from '../../web/sync/transport/http-client.ts'
import type { Place } from './here.ts'
import { placeHere } from './here.ts'

/** The password of everybody in the tests. */
export const password = 'correct horse battery'
/** The set-up code of every test's server. */
export const setupCode = 'a-set-up-code-for-tests'

/** Somebody who calls operations over HTTP: signed in by a cookie, by a token, or nobody. */
export class Caller {
  readonly #url: string
  readonly headers: Readonly<Record<string, string>>

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#url = url
    this.headers = headers
  }

  /** The answer to an operation; a refusal fails the test. */
  async call<Name extends OperationName>(op: Name, input: Input<Name>): Promise<Output<Name>> {
    const answer = await this.#ask(op, input)
    assert.ok('ok' in answer, `${op} was refused: ${JSON.stringify(answer)}`)
    return answer.ok
  }

  /** Why an operation is refused; an answer fails the test. */
  async refused<Name extends OperationName>(op: Name, input: Input<Name>): Promise<WireError> {
    const answer = await this.#ask(op, input)
    assert.ok('error' in answer, `${op} was not refused: ${JSON.stringify(answer)}`)
    return answer.error
  }

  /** Any request as this caller. `redirect` is never followed. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined) }
    return fetch(this.#url + path, { redirect: 'manual', ...init, headers })
  }

  #ask<Name extends OperationName>(op: Name, input: Input<Name>) {
    return callHttp(op, input, { base: this.#url, headers: this.headers })
  }
}

/** Somebody signed in with a session. */
export class Person extends Caller {
  readonly name: string
  readonly me: Me
  /** `name=value`, as a browser sends it. */
  readonly cookie: string
  readonly #url: string

  constructor(url: string, name: string, me: Me, cookie: string) {
    super(url, { origin: url, cookie })
    this.#url = url
    this.name = name
    this.me = me
    this.cookie = cookie
  }

  get id(): Me['id'] {
    return this.me.id
  }

  /** The same session, on another node of the workspace. */
  at(url: string): Person {
    const secret = this.cookie.slice(this.cookie.indexOf('=') + 1)
    return new Person(url, this.name, this.me, `confab-${new URL(url).port}=${secret}`)
  }

  /** A new token's secret, and its id. */
  async token(name = 'script'): Promise<{ id: TokenId; token: string }> {
    await this.call('me.confirm', { password })
    const { id, token } = await this.call('tokens.create', { id: newId<TokenId>(), name })
    assert.ok(token)
    return { id, token }
  }

  /** The same person, by a new token. */
  async script(): Promise<Caller> {
    const { token } = await this.token()
    return new Caller(this.#url, { authorization: `Bearer ${token}` })
  }

  /** Makes a room with oneself and these others in it. */
  async room(
    name: string,
    kind: 'public' | 'private' = 'public',
    others: readonly Person[] = [],
  ): Promise<RoomId> {
    const id = newId<RoomId>()
    await this.call('rooms.create', { id, kind, name })
    for (const other of others) await this.call('members.put', { id, user: other.id })
    return id
  }

  async says(room: RoomId, text: string): Promise<{ id: MessageId; seq: number }> {
    const id = newId<MessageId>()
    const { seq } = await this.call('messages.post', { id, room, text })
    return { id, seq }
  }
}

/** A server at its address, wherever it runs: by it people come in. */
export abstract class ServerAtAddress {
  abstract readonly url: string

  get nobody(): Caller {
    return new Caller(this.url, { origin: this.url })
  }

  setUp(username = 'owner', code = setupCode): Promise<Person> {
    return this.#enter('/api/setup', { code, workspace: 'Test', username, password, account: 'new' })
  }

  /** The owner is an administrator whom an import brought. */
  setUpImported(username: string): Promise<Person> {
    const account = { account: 'imported', workspace: 'Test', username, password }
    return this.#enter('/api/setup', { code: setupCode, ...account })
  }

  signUp(username: string): Promise<Person> {
    return this.#enter('/api/sign-up', { username, password })
  }

  /** A new session of somebody who is there already. */
  signIn(username: string, as: string = password): Promise<Person> {
    return this.#enter('/api/sign-in', { username, password: as })
  }

  byToken(token: string): Caller {
    return new Caller(this.url, { authorization: `Bearer ${token}` })
  }

  async #enter(path: string, body: { username: string } & Record<string, string>): Promise<Person> {
    const response = await this.nobody.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as { me: Me }
    assert.equal(response.status, 200, JSON.stringify(answer))
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0]
    assert.ok(cookie)
    return new Person(this.url, body.username, answer.me, cookie)
  }
}

/** A server of one's own on a temporary folder and a free port. `await using` ends it and takes the folder away. */
export class TestServer extends ServerAtAddress implements AsyncDisposable {
  readonly directory: string
  readonly config: Config
  readonly #overrides: Overrides
  readonly #place: Place
  #app: App

  private constructor(place: Place, directory: string, config: Config, overrides: Overrides, app: App) {
    super()
    this.#place = place
    this.directory = directory
    this.config = config
    this.#overrides = overrides
    this.#app = app
  }

  /** A server without an owner. `flags` as at the command line; frequencies are not limited unless they say so. */
  static async bare(
    flags: Readonly<Record<string, string>> = {},
    overrides: Overrides = {},
  ): Promise<TestServer> {
    const directory = await mkdtemp(join(tmpdir(), 'confab-test-'))
    const place = await placeHere()
    const given = {
      ...place.flags,
      port: '0',
      data: directory,
      'setup-code': setupCode,
      log: 'silent',
      limits: 'off',
      ...flags,
    }
    const read = readConfig(given, {})
    assert.ok('config' in read, JSON.stringify(read))
    const app = await buildApp(read.config, { checkOutput: true, ...overrides })
    return new TestServer(place, directory, read.config, overrides, app)
  }

  /** A server with its owner. */
  static async owned(
    flags: Readonly<Record<string, string>> = {},
    overrides: Overrides = {},
  ): Promise<{ server: TestServer; owner: Person } & AsyncDisposable> {
    const server = await TestServer.bare(flags, overrides)
    const owner = await server.setUp()
    return { server, owner, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  }

  get app(): App {
    return this.#app
  }

  get url(): string {
    return this.#app.url
  }

  /** Ends the server and starts it anew on the same folder and port, so that cookies and addresses stay good. */
  async restart(): Promise<void> {
    const { port } = this.#app
    await this.#app[Symbol.asyncDispose]()
    this.#app = await buildApp({ ...this.config, port }, { checkOutput: true, ...this.#overrides })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app[Symbol.asyncDispose]()
    await this.#place[Symbol.asyncDispose]()
    await rm(this.directory, { recursive: true, force: true })
  }
}
