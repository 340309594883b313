import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createClient } from '@redis/client'
import { freePort } from './free-port.ts'
import type { Host } from './host.ts'
import { loopback } from './host.ts'

/** A Redis or Valkey: that in the folder TEST_REDIS_BIN, else one that is installed; nothing if there is none. */
export function findRedis(): string | undefined {
  const folders = (process.env.TEST_REDIS_BIN ?? process.env.PATH ?? '').split(delimiter)
  const places = ['redis-server', 'valkey-server'].flatMap(name => folders.map(folder => join(folder, name)))
  return places.find(place => existsSync(place))
}

/** A Redis of one's own, on a free port and without a file, which a test may kill, pause and start again. */
export class RedisServer implements AsyncDisposable {
  readonly port: number
  readonly #program: string
  readonly #settings: readonly string[]
  readonly #host: Host
  #child: ChildProcess | null = null

  private constructor(program: string, port: number, settings: readonly string[], host: Host) {
    this.#program = program
    this.port = port
    this.#settings = settings
    this.#host = host
  }

  /** `settings`: more of its own, such as `--requirepass`, `word`. */
  static async start(settings: readonly string[] = [], host: Host = loopback): Promise<RedisServer> {
    const program = findRedis()
    if (!program) throw new Error('No Redis is installed; `npm test` installs one where it can.')
    const server = new RedisServer(program, await freePort(), settings, host)
    await server.start()
    return server
  }

  get url(): string {
    return `redis://${this.#host.address}:${this.port}`
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const at = ['--bind', this.#host.address, '--port', `${this.port}`, '--protected-mode', 'no']
    // A replica is given a file; what there is then would be the next one's.
    const usual = [...at, '--save', '', '--appendonly', 'no', '--rdb-del-sync-files', 'yes']
    const child = this.#host.spawn(this.#program, [...usual, ...this.#settings], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.#child = child
    // Whoever forgets it does not wait for it.
    child.unref()
    const stdout = child.stdout as typeof child.stdout & { unref(): void }
    let told = ''
    for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
      told += chunk
      if (/Ready to accept connections/i.test(told)) break
    }
    stdout.resume()
    stdout.unref()
    if (!/Ready to accept connections/i.test(told)) throw new Error(`Redis ended before it served: ${told}`)
  }

  /** `kill -9`. Resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.ref()
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** It keeps its connections, and does nothing, until it is resumed. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** What it answers to a command. */
  command(...words: string[]): Promise<unknown> {
    return redisCommand(this.url, ...words)
  }

  /** Ends it at once, for the exit of a process, where nothing can be waited for. */
  abandon(): void {
    this.#child?.kill('SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}

/** What the Redis at an address answers to a command. */
export async function redisCommand(url: string, ...words: (string | Buffer)[]): Promise<unknown> {
  const client = createClient({ url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.sendCommand(words)
  } finally {
    client.destroy()
  }
}

/** A Redis that tried to write what it holds to a folder that is gone: it answers whatever would change something, and pings, with MISCONF. */
export async function redisThatCannotSave(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'confab-redis-'))
  const redis = await RedisServer.start(['--dir', folder, '--save', '3600 1'])
  await rm(folder, { recursive: true })
  await redis.command('BGSAVE')
  while (!`${await redis.command('INFO', 'persistence')}`.includes('bgsave_status:err'))
    await new Promise(resolve => setTimeout(resolve, 20))
  return redis
}
