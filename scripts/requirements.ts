import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findXfsIo } from '../tests/support/cut-disk.ts'
import { findNetworkTools } from '../tests/support/network.ts'
import { findPostgres, PostgresServer } from '../tests/support/postgres-server.ts'
import { findRedis, RedisServer } from '../tests/support/redis-server.ts'
import { findStrace } from '../tests/support/strace.ts'
import type { Needed } from './install-debian.ts'
import { ensureInstalled, startNothing } from './install-debian.ts'

interface Running extends AsyncDisposable {
  readonly url: string
}

/** What some tests need: programs, and maybe a server. */
export interface Requirement extends Needed {
  /** Whoever imports it, or imports what does, has the requirement. */
  readonly support: RegExp
  /** Tests find the server by a variable; those that harm theirs start one of their own. */
  readonly server?: { readonly variable: string; start(within?: string): Promise<Running> }
}

const requirements: readonly Requirement[] = [
  {
    name: 'PostgreSQL',
    packages: ['postgresql'],
    find: findPostgres,
    // Its package makes a cluster of its own and starts it; the programs alone are wanted.
    meanwhile: {
      ...startNothing,
      '/etc/postgresql-common/createcluster.d/confab-tests.conf': 'create_main_cluster = false\n',
    },
    support: /\/support\/postgres-/,
    server: {
      variable: 'TEST_POSTGRES_URL',
      start: async within => {
        const server = await PostgresServer.start(within ? { within } : {})
        return { url: server.url(), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
      },
    },
  },
  {
    name: 'Redis',
    packages: ['redis-server'],
    find: findRedis,
    meanwhile: startNothing,
    support: /\/support\/redis-/,
    server: { variable: 'TEST_REDIS_URL', start: () => RedisServer.start() },
  },
  {
    name: 'tool for networks (ip, tc, nft)',
    packages: ['iproute2', 'nftables'],
    find: findNetworkTools,
    support: /\/support\/network\.ts$/,
  },
  { name: 'xfs_io', packages: ['xfsprogs', 'e2fsprogs'], find: findXfsIo, support: /\/support\/cut-disk/ },
  { name: 'strace', packages: ['strace'], find: findStrace, support: /\/support\/strace/ },
]

/** What was provided: servers run for the tests until it is disposed of. And what cannot be had: a test file, and why it is skipped. */
export interface Provided extends AsyncDisposable {
  readonly skipped: ReadonlyMap<string, string>
}

/**
 * Installs what some test files need, and starts the servers among it: `needing` tells which need one. A variable that is set already names one to
 * use. They keep their files `within` a folder, or in the system's own.
 */
export async function provide(
  needing: (requirement: Requirement) => readonly string[],
  within?: string,
): Promise<Provided> {
  await using running = new AsyncDisposableStack()
  const skipped = new Map<string, string>()
  for (const requirement of requirements) {
    const files = needing(requirement)
    if (files.length === 0) continue
    const missing = ensureInstalled(requirement)
    if (missing) for (const file of files) skipped.set(file, missing)
    else if (requirement.server && !process.env[requirement.server.variable]) {
      const { variable, start } = requirement.server
      process.env[variable] = running.use(await start(within)).url
      // Whoever asks once more gets their own.
      running.defer(() => void delete process.env[variable])
    }
  }
  const held = running.move()
  return { skipped, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** Of these files, those that have a requirement. */
export const using =
  (root: string, files: readonly string[]) =>
  ({ support }: Requirement): readonly string[] =>
    files.filter(file => imports(join(root, file), support))

/** Whether a test file opens a store of the kind that the run is on. */
export const opensStore = (root: string, file: string): boolean =>
  imports(join(root, file), /\/support\/here\.ts$/)

/** Whether a file imports one whose path matches, or one that does. */
function imports(path: string, wanted: RegExp, seen = new Set<string>()): boolean {
  if (seen.has(path)) return false
  seen.add(path)
  const found = [...readFileSync(path, 'utf8').matchAll(/from '(\.{1,2}\/[^']+\.ts)'/g)]
  // A text in a test may look like an import.
  const files = found.map(([, from = '']) => resolve(path, '..', from)).filter(file => existsSync(file))
  return files.some(file => wanted.test(file)) || files.some(file => imports(file, wanted, seen))
}
