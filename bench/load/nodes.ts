import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PostgresServer } from '../../tests/support/postgres-server.ts'
import { RedisServer } from '../../tests/support/redis-server.ts'
import { enter, generalRoom } from './confab.ts'
import { freePort, startServer, stop } from './process.ts'
import type { Member, Meter } from './run.ts'

const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts')

export interface Node {
  readonly pid: number
  readonly port: number
}

/** One workspace of so many people on PostgreSQL and Redis of its own, served by any number of nodes. */
export class Cluster implements AsyncDisposable {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  readonly tokens: readonly string[]
  readonly nodes: Node[] = []
  readonly #folder: string
  readonly #parts: AsyncDisposableStack

  private constructor(
    of: Pick<Cluster, 'postgres' | 'redis' | 'tokens'>,
    folder: string,
    parts: AsyncDisposableStack,
  ) {
    this.postgres = of.postgres
    this.redis = of.redis
    this.tokens = of.tokens
    this.#folder = folder
    this.#parts = parts
  }

  /** `folder`: where it keeps what it needs; somebody else takes it away. */
  static async of(users: number, folder: string): Promise<Cluster> {
    await using parts = new AsyncDisposableStack()
    const postgres = parts.use(await PostgresServer.start())
    const redis = parts.use(await RedisServer.start())
    const file = join(folder, 'tokens')
    const counts = ['--users', String(users), '--rooms', '100', '--messages', '1000', '--tokens', file]
    execFileSync(process.execPath, [main, 'seed', ...counts, '--data', join(folder, 'data')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, CONFAB_DATABASE_URL: postgres.url() },
    })
    const tokens = readFileSync(file, 'utf8').trim().split('\n')
    return new Cluster({ postgres, redis, tokens }, folder, parts.move())
  }

  async addNode(): Promise<Node> {
    const port = await freePort()
    const child = await startServer(process.execPath, [main, 'start'], `localhost:${port}`, {
      ...{ CONFAB_LIMITS: 'off', CONFAB_LOG: 'error', PORT: String(port) },
      CONFAB_DATA: join(this.#folder, 'data'),
      CONFAB_DATABASE_URL: this.postgres.url(),
      CONFAB_REDIS_URL: this.redis.url,
    })
    this.#parts.defer(() => stop(child))
    const node = { pid: child.pid, port }
    this.nodes.push(node)
    return node
  }

  /** So many people, spread evenly over the nodes, in the room General. */
  async enter(count: number, meter: Meter): Promise<Member[]> {
    const room = await generalRoom(this.nodes[0]?.port ?? 0, this.tokens[0] as string)
    const members: Member[] = []
    while (members.length < count) {
      const next = this.tokens.slice(members.length, Math.min(count, members.length + 50))
      const entering = next.map((token, n) => enter(this.nodeOf(n).port, token, room, meter))
      members.push(...(await Promise.all(entering)))
    }
    return members
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]()
  }

  /** The node of the n-th person. */
  nodeOf(n: number): Node {
    const node = this.nodes[n % this.nodes.length]
    if (!node) throw new Error('the cluster has no node')
    return node
  }
}
