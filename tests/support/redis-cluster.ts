import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { RedisServer } from './redis-server.ts'

interface Cluster extends AsyncDisposable {
  readonly masters: readonly RedisServer[]
  /** The n-th of them replicates the n-th master. */
  readonly replicas: readonly RedisServer[]
  /** That of the first master. */
  readonly url: string
}

const masters = 3
const slots = 16_384
/** A replica is given what there is when it asks, and not after some seconds in which others might ask too. */
const atOnce = ['--repl-diskless-sync-delay', '0']

/**
 * A Redis Cluster of three masters, each with a third of the slots, and with a replica of each where these are wanted. A master that is
 * silent for `silentMs` is replaced by its replica; the shorter, the sooner that happens to one that is merely slow.
 */
export async function redisCluster({ replicas = false, silentMs = 15_000 } = {}): Promise<Cluster> {
  await using parts = new AsyncDisposableStack()
  const count = replicas ? 2 * masters : masters
  const members = await Promise.all(Array.from({ length: count }, () => member(parts, silentMs)))
  const [first] = members as [Member, ...Member[]]
  for (const [n, { server, bus }] of members.entries()) {
    if (n < masters) {
      const [from, next] = [n, n + 1].map(part => Math.ceil((part * slots) / masters)) as [number, number]
      await server.command('CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${next - 1}`)
      // By itself each begins at 0, and has to find out which of two is newer.
      await server.command('CLUSTER', 'SET-CONFIG-EPOCH', `${n + 1}`)
    }
    if (n > 0) await first.server.command('CLUSTER', 'MEET', '127.0.0.1', `${server.port}`, bus)
  }
  const servers = members.map(({ server }) => server)
  for (const [n, server] of servers.entries()) if (n >= masters) await replicate(server, servers[n - masters])
  for (const server of servers)
    await until(async () => {
      const told = `${await server.command('CLUSTER', 'INFO')}`
      return told.includes('cluster_state:ok') && told.includes(`cluster_known_nodes:${count}`)
    })
  const held = parts.move()
  return {
    masters: servers.slice(0, masters),
    replicas: servers.slice(masters),
    url: first.server.url,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

interface Member {
  readonly server: RedisServer
  /** The port at which it talks to the others. */
  readonly bus: string
}

async function member(parts: AsyncDisposableStack, silentMs: number): Promise<Member> {
  const folder = await mkdtemp(join(tmpdir(), 'confab-redis-'))
  parts.defer(() => rm(folder, { recursive: true, force: true }))
  const bus = `${await freePort()}`
  const own = ['--cluster-port', bus, '--cluster-node-timeout', `${silentMs}`, '--dir', folder, ...atOnce]
  return { server: parts.use(await RedisServer.start(['--cluster-enabled', 'yes', ...own])), bus }
}

/** Resolves when the replica follows its master. */
async function replicate(replica: RedisServer, master: RedisServer | undefined): Promise<void> {
  const id = `${await master?.command('CLUSTER', 'MYID')}`
  await until(async () => `${await replica.command('CLUSTER', 'NODES')}`.includes(id))
  await replica.command('CLUSTER', 'REPLICATE', id)
  await until(async () => `${await replica.command('INFO', 'replication')}`.includes('link_status:up'))
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(resolve => setTimeout(resolve, 50))
}
