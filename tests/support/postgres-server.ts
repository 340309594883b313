import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, rmSync } from 'node:fs'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import pg from 'pg'
import { freePort } from './free-port.ts'
import type { Host } from './host.ts'
import { loopback } from './host.ts'

/** The folder of a PostgreSQL's programs: that of TEST_POSTGRES_BIN, else of the newest that is installed; nothing if there is none. */
export function findPostgres(): string | undefined {
  const given = process.env.TEST_POSTGRES_BIN
  const installed = [
    ...globSync('/usr/lib/postgresql/*/bin').sort(
      (a, b) => Number(b.split('/')[4]) - Number(a.split('/')[4]),
    ),
    ...(process.env.PATH ?? '').split(delimiter),
    ...globSync('/opt/homebrew/opt/postgresql*/bin'),
  ]
  const folders = given ? [given] : installed
  return folders.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** PostgreSQL refuses to run as root: there, it runs as the user that its package made, or as nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody'])
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  return undefined
}

/** A PostgreSQL of one's own, on a free port and a temporary folder, which a test may kill, stop and start again. */
export class PostgresServer implements AsyncDisposable {
  readonly directory: string
  readonly port: number
  readonly #bin: string
  readonly #as: SpawnOptions
  readonly #host: Host
  readonly #settings: Settings
  #child: ChildProcess | null = null

  private constructor(
    { directory, port }: { directory: string; port: number },
    bin: string,
    as: SpawnOptions,
    { host, settings }: { host: Host; settings: Settings },
  ) {
    this.directory = directory
    this.port = port
    this.#bin = bin
    this.#as = as
    this.#host = host
    this.#settings = settings
  }

  /** `within`: the folder that it makes its own in. `settings`: of postgresql.conf. */
  static async start({
    within = tmpdir(),
    settings = {},
    host = loopback,
  }: Options = {}): Promise<PostgresServer> {
    const bin = findPostgres()
    if (!bin) throw new Error('No PostgreSQL is installed; `npm test` installs one where it can.')
    const directory = await mkdtemp(join(within, 'confab-postgres-'))
    const as = unprivileged()
    if (as) chownSync(directory, as.uid, as.gid)
    const at = { directory, port: await freePort() }
    const server = new PostgresServer(at, bin, { cwd: directory, ...as }, { host, settings })
    execFileSync(
      join(bin, 'initdb'),
      [
        '-D',
        join(directory, 'data'),
        '-U',
        'confab',
        '-E',
        'UTF8',
        '--locale=C',
        '--auth=trust',
        '--no-sync',
      ],
      { ...server.#as, stdio: 'pipe' } as object,
    )
    // From other hosts too, where it listens for them.
    await appendFile(join(directory, 'data', 'pg_hba.conf'), 'host all all samenet trust\n')
    await server.start()
    return server
  }

  /** The address of one of its databases. */
  url(database = 'postgres'): string {
    return `postgres://confab@${this.#host.address}:${this.port}/${database}`
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const settings = {
      port: String(this.port),
      listen_addresses: this.#host.address,
      unix_socket_directories: this.directory,
      max_connections: '200',
      shared_buffers: '256MB',
      logging_collector: 'off',
      ...this.#settings,
    }
    const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const program = join(this.#bin, 'postgres')
    const child = this.#host.spawn(program, ['-D', join(this.directory, 'data'), ...given], {
      ...this.#as,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    // Whoever forgets it does not wait for it.
    child.unref()
    let told = ''
    const stderr = child.stderr as (Readable & { unref(): void }) | null
    stderr?.unref()
    stderr?.on('data', chunk => {
      told = `${told}${chunk}`.slice(-4_000)
    })
    while (child.exitCode === null && child.signalCode === null) {
      if (await answers(this.url())) return
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    throw new Error(`PostgreSQL ended before it served: ${told}`)
  }

  /** Stops all of its processes where they are, or lets them go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const { pid } = this
    if (pid === undefined) return
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    for (const each of [pid, ...children.trim().split(/\s+/).map(Number)]) process.kill(each, signal)
  }

  /** `SIGQUIT` is its crash, `SIGINT` its fast shutdown. Resolves when it is gone. */
  async stop(signal: 'SIGQUIT' | 'SIGINT' = 'SIGINT'): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.ref()
    child.kill(signal)
    await once(child, 'exit')
  }

  /** Ends it at once, for the exit of a process, where nothing can be waited for. */
  abandon(): void {
    const stop = ['-D', join(this.directory, 'data'), '-m', 'immediate', 'stop']
    if (this.#child) execFileSync(join(this.#bin, 'pg_ctl'), stop, { ...this.#as, stdio: 'ignore' } as object)
    rmSync(this.directory, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGQUIT')
    await rm(this.directory, { recursive: true, force: true })
  }
}

type Settings = Readonly<Record<string, string>>

interface Options {
  readonly within?: string
  readonly settings?: Settings
  readonly host?: Host
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
