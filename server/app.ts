import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Epoch } from '../contract/ids.ts'
import { newId } from '../contract/ids.ts'
import { limits } from '../contract/limits.ts'
import { memoryBus } from './adapters/bus/memory.ts'
import type { RedisBusParts } from './adapters/bus/redis.ts'
import { systemClock } from './adapters/clock.ts'
import { makeDirectory } from './adapters/data-directory.ts'
import { openDiskFiles } from './adapters/files/disk.ts'
import { createPictures } from './adapters/pictures.ts'
import { openSqliteStore } from './adapters/store/sqlite/sqlite.ts'
import type { Config } from './config.ts'
import type { Core } from './core/core.ts'
import { createCore } from './core/core.ts'
import { Feed } from './core/feed.ts'
import { NodeSignals } from './core/node-signals.ts'
import type { Bus, Clock, Files, Log, Pictures, Store } from './core/ports.ts'
import type { RateSettings } from './core/rates.ts'
import { createLog } from './log.ts'
import type { Calls } from './net/calls.ts'
import { createCalls } from './net/calls.ts'
import { HttpGate } from './net/gate.ts'
import { createHttp } from './net/http.ts'
import type { Patience } from './net/http-server.ts'
import { createHttpServer, serveHttp } from './net/http-server.ts'
import type { Site } from './net/origin.ts'
import { siteOf } from './net/origin.ts'
import type { Pages } from './net/pages.ts'
import { createPages } from './net/pages.ts'
import { Sockets } from './net/sockets.ts'
import { versionOf } from './version.ts'

/** What a test or a benchmark puts in another's place. */
export interface Overrides {
  readonly clock?: Clock
  readonly log?: Log
  readonly pictures?: Pictures
  /** Opens the store, where it is another than the settings name. */
  readonly openStore?: () => Promise<Store>
  /** What joins this node with the others that share its store. */
  readonly bus?: Bus
  /** Wraps the store, to make it fail or wait. */
  readonly store?: (store: Store) => Store
  readonly patience?: Patience
  /** The folder of the built page. */
  readonly pages?: string
  /** Holds every answer against the contract. */
  readonly checkOutput?: boolean
}

/** Everything but the doors: what a command works with while no server runs. Disposing of it keeps all that was written. */
export interface Inside extends AsyncDisposable {
  /** This process's name among the nodes; a new one at every start. */
  readonly node: string
  readonly store: Store
  readonly files: Files
  readonly pictures: Pictures
  readonly clock: Clock
  readonly log: Log
  /** Whether other nodes write to the store too. */
  readonly sharesStore: boolean
  readonly bus: Bus
  readonly feed: Feed
  readonly signals: NodeSignals
  readonly core: Core
  /** Both doors' way to the table. */
  readonly calls: Calls
  readonly setupCode: string
}

/** A running server. Disposing of it drains: sockets are told to come back, calls that run are answered, what is written is kept. */
export interface App extends Inside {
  /** Its origin, such as http://localhost:3000. */
  readonly url: string
  readonly port: number
  readonly sockets: Sockets
}

/**
 * Opens the data directory and makes all that works on it, and nothing that listens.
 * @throws CannotOpen where the data directory is not to be had.
 */
export async function buildInside(config: Config, overrides: Overrides = {}): Promise<Inside> {
  await using parts = new AsyncDisposableStack()
  const { clock = systemClock, log = stderrLog(config) } = overrides
  const node = newId<string>(clock.now())
  const opened = await (overrides.openStore?.() ?? openStore(config, clock))
  const store = parts.use(overrides.store?.(opened) ?? opened)
  const files = await openDiskFiles(join(config.data, 'files'))
  const pictures = parts.use(overrides.pictures ?? createPictures())
  const { epoch, salt } = await store.workspace()
  const bus = parts.use(overrides.bus ?? (await busOf(config, { epoch, node, clock, log })))
  const sharesStore = config.databaseUrl !== null || bus.state !== 'alone'
  const signals = parts.use(new NodeSignals({ bus, log }))
  const compareEveryMs = sharesStore ? limits.headsEveryMs : null
  const feed = parts.use(new Feed({ store, bus, clock, compareEveryMs }))
  const setupCode = config.setupCode ?? setupCodeOf(salt)
  const shared = { store, writer: feed, files, pictures, clock, log, signals }
  const settings = { limits: config.limits, rates: ratesOf(config), setupCode }
  const core = parts.use(createCore({ ...shared, ...settings }))
  await core.start()
  const held = parts.move()
  const calls = createCalls(core, log, { checkOutput: overrides.checkOutput ?? false })
  const outside = { node, sharesStore, bus, signals }
  const inside = { ...outside, store, files, pictures, clock, log, feed, core, calls, setupCode }
  return { ...inside, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** PostgreSQL where its address is set, else SQLite in the data directory. What is not used is not loaded. */
async function openStore({ data, databaseUrl }: Config, clock: Clock): Promise<Store> {
  if (databaseUrl === null) return openSqliteStore({ directory: data, clock })
  // Files and what else belongs to this node still have their place there.
  makeDirectory(data)
  const { openPostgresStore } = await import('./adapters/store/postgres/postgres.ts')
  return openPostgresStore({ url: databaseUrl, clock })
}

/** Loaded only where there is a Redis to speak to. */
async function busOf({ redisUrl }: Config, parts: Omit<RedisBusParts, 'url'>): Promise<Bus> {
  if (redisUrl === null) return memoryBus()
  const { redisBus } = await import('./adapters/bus/redis.ts')
  return redisBus({ ...parts, url: redisUrl })
}

const ratesOf = (config: Config): RateSettings => ({
  messages: config.messageLimit,
  changes: config.changeLimit,
  signIns: config.signInLimit,
  signUps: config.signUpLimit,
})

/**
 * The server. It serves when this resolves.
 * @throws CannotOpen as `buildInside`, and what `listen` throws where the port is not to be had.
 */
export async function buildApp(config: Config, overrides: Overrides = {}): Promise<App> {
  await using parts = new AsyncDisposableStack()
  const inside = parts.use(await buildInside(config, overrides))
  const pages = createPages(overrides.pages ?? builtPages)
  const { epoch } = await inside.store.workspace()
  const server = createHttpServer(overrides.patience)
  const port = await listen(server, config)
  const site = siteOf(config.url, port)
  const sockets = openDoors(server, { site, pages, epoch }, inside, config)
  parts.defer(() => close(server, sockets, inside.clock))
  const held = parts.move()
  return { ...inside, url: site.origin, port, sockets, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** Both doors to one table, on one port. Between `listen` and here nothing is awaited, so that no request finds nobody. */
function openDoors(
  server: Server,
  { site, pages, epoch }: { site: Site; pages: Pages; epoch: Epoch },
  inside: Inside,
  { limits, trustedProxies }: Config,
): Sockets {
  const { node, core, calls, store, sharesStore, files, feed, signals, clock, log } = inside
  const identify: Core['identify'] = proof => core.identify(proof)
  const gate = new HttpGate({ site, trustedProxies, log, identify })
  const shared = {
    store,
    feed,
    signals,
    sharesStore,
    gate,
    clock,
    calls,
    node,
    limits,
    identify,
    epoch: () => epoch,
  }
  const sockets = new Sockets(server, shared)
  const ready = async () => server.listening && (await answers(store))
  serveHttp(
    server,
    createHttp({ core, calls, gate, log, files, pages, ready, version: versionOf() }),
    site.secure,
  )
  return sockets
}

/** The built page, beside the sources. */
const builtPages = join(import.meta.dirname, '..', 'dist', 'web')

const stderrLog = ({ log }: Config): Log =>
  createLog({ level: log, form: 'json', write: line => void process.stderr.write(line) })

async function answers(store: Store): Promise<boolean> {
  return store.workspace().then(
    () => true,
    () => false,
  )
}

async function listen(server: Server, { port, host }: Config): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Sockets are told to come back and take nothing new; calls that run are answered, for as long as a drain may last. */
async function close(server: Server, sockets: Sockets, clock: Clock): Promise<void> {
  sockets.drain()
  const closed = new Promise<void>(resolve => void server.close(() => resolve()))
  const late = clock.after(limits.drainMs, () => {
    sockets[Symbol.dispose]()
    server.closeAllConnections()
  })
  await closed
  late[Symbol.dispose]()
  sockets[Symbol.dispose]()
}

/**
 * The same on every node and at every start, and nobody's who cannot read the database: 80 bits that follow from its salt, as four groups
 * of four letters and digits, without those that people mistake for one another (Crockford's base 32).
 */
function setupCodeOf(salt: string): string {
  const bytes = createHmac('sha256', salt).update('set-up code').digest().subarray(0, 16)
  const letters = Array.from(bytes, byte => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[byte % 32])
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}
