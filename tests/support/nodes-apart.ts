import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Host } from './host.ts'
import { Network } from './network.ts'
import type { SeveralNodes } from './nodes.ts'
import { PostgresServer } from './postgres-server.ts'
import { RedisServer } from './redis-server.ts'
import { ServerProcess } from './server-process.ts'

/** What a node answers to whoever asks whether it is ready. */
interface Ready {
  readonly ok?: true
  readonly store?: 'answers' | 'silent'
  readonly bus: 'joined' | 'lost'
}

/** A node that is a process on a host of its own. */
interface NodeApart {
  readonly host: Host
  readonly server: ServerProcess
}

/** Several nodes of one workspace, PostgreSQL and Redis, each on a host of its own, so that any of the lines between them can be cut. */
export class NodesApart implements SeveralNodes, AsyncDisposable {
  readonly network: Network
  readonly postgresHost: Host
  readonly redisHost: Host
  readonly nodes: readonly NodeApart[]
  readonly #onlookers: pg.Pool
  readonly #parts: AsyncDisposable

  private constructor(
    at: Pick<NodesApart, 'network' | 'postgresHost' | 'redisHost' | 'nodes'>,
    onlookers: pg.Pool,
    parts: AsyncDisposable,
  ) {
    this.network = at.network
    this.postgresHost = at.postgresHost
    this.redisHost = at.redisHost
    this.nodes = at.nodes
    this.#onlookers = onlookers
    this.#parts = parts
  }

  static async open(count: number): Promise<NodesApart> {
    await using parts = new AsyncDisposableStack()
    const network = parts.use(new Network())
    const [postgresHost, redisHost] = [network.host('postgres'), network.host('redis')]
    const postgres = parts.use(await PostgresServer.start({ host: postgresHost }))
    const redis = parts.use(await RedisServer.start([], redisHost))
    const shared = ['--database-url', postgres.url(), '--redis-url', redis.url]
    const flags = [...shared, '--log', 'silent']
    const nodes: NodeApart[] = []
    for (let n = 1; n <= count; n++) {
      const host = network.host(`node${n}`)
      const directory = await mkdtemp(join(tmpdir(), 'confab-apart-'))
      parts.defer(() => rm(directory, { recursive: true, force: true }))
      nodes.push({ host, server: parts.use(await ServerProcess.on(directory, flags, undefined, host)) })
    }
    const onlookers = new pg.Pool({ connectionString: postgres.url() })
    onlookers.on('error', () => {})
    parts.defer(() => onlookers.end())
    return new NodesApart({ network, postgresHost, redisHost, nodes }, onlookers, parts.move())
  }

  get servers(): readonly ServerProcess[] {
    return this.nodes.map(({ server }) => server)
  }

  get hosts(): readonly Host[] {
    return this.nodes.map(({ host }) => host)
  }

  /** Each looks for an owner itself before it refuses anybody for want of one. */
  async seen(): Promise<void> {}

  /** What each node says of itself. */
  ready(): Promise<readonly Ready[]> {
    return Promise.all(this.servers.map(({ url }) => readyOf(url)))
  }

  /** Resolves when every node is joined with the others, or those of these numbers have lost them. */
  async bus(state: Ready['bus'], of: readonly number[] = this.nodes.keys().toArray()): Promise<void> {
    const is = (ready: readonly Ready[]) => of.every(n => ready[n]?.bus === state)
    while (!is(await this.ready())) await new Promise(resolve => setTimeout(resolve, 20))
  }

  /** What PostgreSQL answers, to somebody whom no node knows of. Outside of any transaction: within one, who else is there is seen once and kept. */
  async ask(statement: string, values: readonly unknown[] = []): Promise<readonly object[]> {
    return (await this.#onlookers.query<object>(statement, [...values])).rows
  }

  /** A connection to PostgreSQL of which no node knows, for a transaction. It ends with its disposal, and the transaction with it. */
  async connect(): Promise<pg.PoolClient & Disposable> {
    const client = await this.#onlookers.connect()
    return Object.assign(client, { [Symbol.dispose]: () => client.release(true) })
  }

  /** Resolves when PostgreSQL keeps nothing more for a host. */
  async forgotten({ address }: Host): Promise<void> {
    const asked = 'SELECT FROM pg_stat_activity WHERE client_addr = $1'
    while ((await this.ask(asked, [address])).length > 0)
      await new Promise(resolve => setTimeout(resolve, 50))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]()
  }
}

export async function readyOf(url: string): Promise<Ready> {
  return (await (await fetch(`${url}/readyz`)).json()) as Ready
}
