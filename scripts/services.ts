import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findXfsIo } from '../tests/support/cut-disk.ts'
import { findPostgres, PostgresServer } from '../tests/support/postgres-server.ts'
import { findRedis, RedisServer } from '../tests/support/redis-server.ts'
import { findStrace } from '../tests/support/strace.ts'
import type { Needed } from './install-debian.ts'
import { ensureInstalled, startNothing } from './install-debian.ts'

interface Running extends AsyncDisposable {
  readonly url: string
}

/** A program that some tests need. */
interface Tool extends Needed {
  /** Whoever imports it, or imports what does, needs the program. */
  readonly support: RegExp
}

/** A server that some tests need. They find it by a variable; those that harm theirs start one of their own. */
interface Service extends Tool {
  readonly variable: string
  start(): Promise<Running>
}

const tools: readonly Tool[] = [
  {
    name: 'xfs_io',
    packages: ['xfsprogs', 'e2fsprogs'],
    find: findXfsIo,
    support: /\/support\/cut-disk/,
  },
  { name: 'strace', packages: ['strace'], find: findStrace, support: /\/support\/strace/ },
]

const services: readonly Service[] = [
  {
    name: 'PostgreSQL',
    packages: ['postgresql'],
    find: findPostgres,
    // Its package makes a cluster of its own and starts it; the programs alone are wanted.
    meanwhile: {
      ...startNothing,
      '/etc/postgresql-common/createcluster.d/confab-tests.conf': 'create_main_cluster = false\n',
    },
    variable: 'TEST_POSTGRES_URL',
    support: /\/support\/postgres-/,
    start: async () => {
      const server = await PostgresServer.start()
      return { url: server.url(), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
    },
  },
  {
    name: 'Redis',
    packages: ['redis-server'],
    find: findRedis,
    meanwhile: startNothing,
    variable: 'TEST_REDIS_URL',
    support: /\/support\/redis-/,
    start: () => RedisServer.start(),
  },
]

/** The servers that run for the tests until it is disposed of, and what cannot be had: a test file, and why it is skipped. */
export interface Started extends AsyncDisposable {
  readonly skipped: ReadonlyMap<string, string>
}

/** Installs the tools that some test files need: `needing` tells which need one. Answers what cannot be had: a test file, and why it is skipped. */
export function missingTools(needing: (tool: Tool) => readonly string[]): ReadonlyMap<string, string> {
  const skipped = new Map<string, string>()
  for (const tool of tools) {
    const files = needing(tool)
    const missing = files.length > 0 && ensureInstalled(tool)
    if (missing) for (const file of files) skipped.set(file, missing)
  }
  return skipped
}

/**
 * Installs and starts the servers that some test files need: `needing` tells which need one. A variable that is set already names one to
 * use.
 */
export async function startServices(needing: (service: Service) => readonly string[]): Promise<Started> {
  await using running = new AsyncDisposableStack()
  const skipped = new Map<string, string>()
  for (const service of services) {
    const files = needing(service)
    if (files.length === 0) continue
    const missing = ensureInstalled(service)
    if (missing) for (const file of files) skipped.set(file, missing)
    else if (!process.env[service.variable]) {
      process.env[service.variable] = running.use(await service.start()).url
      // Whoever starts services once more starts their own.
      running.defer(() => void delete process.env[service.variable])
    }
  }
  const held = running.move()
  return { skipped, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** Of these files, those that use a tool. */
export const using =
  (root: string, files: readonly string[]) =>
  ({ support }: Tool): readonly string[] =>
    files.filter(file => imports(join(root, file), support))

/** Whether a file imports one whose path matches, or one that does. */
function imports(path: string, wanted: RegExp, seen = new Set<string>()): boolean {
  if (seen.has(path)) return false
  seen.add(path)
  const found = [...readFileSync(path, 'utf8').matchAll(/from '(\.{1,2}\/[^']+\.ts)'/g)]
  // A text in a test may look like an import.
  const files = found.map(([, from = '']) => resolve(path, '..', from)).filter(file => existsSync(file))
  return files.some(file => wanted.test(file)) || files.some(file => imports(file, wanted, seen))
}
