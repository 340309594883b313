import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { RedisServer } from './redis-server.ts'

/** A Redis Cluster of three masters and no replicas, each with a third of the 16,384 slots. */
export async function redisCluster(): Promise<
  { servers: readonly RedisServer[]; url: string } & AsyncDisposable
> {
  await using parts = new AsyncDisposableStack()
  const servers: RedisServer[] = []
  const buses: string[] = []
  for (let n = 0; n < 3; n++) {
    const folder = await mkdtemp(join(tmpdir(), 'confab-redis-'))
    parts.defer(() => rm(folder, { recursive: true, force: true }))
    const bus = `${await freePort()}`
    const settings = ['--cluster-enabled', 'yes', '--cluster-port', bus, '--dir', folder]
    const server = parts.use(await RedisServer.start(settings))
    servers.push(server)
    buses.push(bus)
  }
  const [first] = servers as [RedisServer]
  const bounds = [0, 5_461, 10_923, 16_384]
  for (const [n, server] of servers.entries()) {
    await server.command('CLUSTER', 'ADDSLOTSRANGE', `${bounds[n]}`, `${(bounds[n + 1] ?? 0) - 1}`)
    if (server === first) continue
    await first.command('CLUSTER', 'MEET', '127.0.0.1', `${server.port}`, buses[n] as string)
  }
  for (const server of servers)
    while (!`${await server.command('CLUSTER', 'INFO')}`.includes('cluster_state:ok'))
      await new Promise(resolve => setTimeout(resolve, 50))
  const held = parts.move()
  return { servers, url: first.url, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
