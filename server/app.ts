import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Epoch } from '../contract/ids.ts'
import { newId } from '../contract/ids.ts'
import { limits } from '../contract/limits.ts'
import { memoryBus } from './adapters/bus/memory.ts'
import type { RedisBusParts } from './adapters/bus/redis.ts'
import { systemClock } from './adapters/clock.ts'
import { makeDirectory } from './adapters/data-directory.ts'
import { ProcessDescriptors } from './adapters/descriptors.ts'
import { openDiskFiles } from './adapters/files/disk.ts'
import { openS3Files } from './adapters/files/s3.ts'
import { PictureProcess } from './adapters/pictures/pictures.ts'
import { openSqliteStore } from './adapters/store/sqlite/store.ts'
import { watchWorkload } from './adapters/workload.ts'
import type { Config } from './config.ts'
import { isLoopback } from './config.ts'
import { setupCodeOf } from './core/authentication/secrets.ts'
import type { Core } from './core/core.ts'
import { createCore } from './core/core.ts'
import type { RateSettings } from './core/limits/rates.ts'
import { Feed } from './core/log/feed.ts'
import { measuredLog } from './core/log/measured-log.ts'
import { Meters } from './core/meters.ts'
import type { Bus } from './core/ports/bus.ts'
import type { Clock } from './core/ports/clock.ts'
import type { CannotOpen } from './core/ports/failures.ts'
import type { Files } from './core/ports/files.ts'
import type { Log } from './core/ports/log.ts'
import type { Pictures } from './core/ports/pictures.ts'
import type { Store } from './core/ports/store.ts'
import type { Tracer } from './core/ports/tracer.ts'
import type { Workload } from './core/ports/workload.ts'
import { NodeSignals } from './core/presence/node-signals.ts'
import { createLog } from './log.ts'
import { s3Of } from './s3-settings.ts'
import { tracingOf } from './tracing-settings.ts'
import type { Calls } from './transport/calls.ts'
import { createCalls } from './transport/calls.ts'
import { ErrorResponses } from './transport/error-response.ts'
import { Bodies } from './transport/http/bodies.ts'
import { ClientSockets } from './transport/http/client-sockets.ts'
import { HttpGate } from './transport/http/gate.ts'
import { Health } from './transport/http/health.ts'
import { createMetricsServer } from './transport/http/metrics-server.ts'
import type { Site } from './transport/http/origin.ts'
import { siteOf } from './transport/http/origin.ts'
import type { Pages } from './transport/http/pages.ts'
import { createPages } from './transport/http/pages.ts'
import { createHttp } from './transport/http/routes.ts'
import type { Patience } from './transport/http/server.ts'
import { createHttpServer, listen, serveHttp } from './transport/http/server.ts'
import { InvalidInput } from './transport/invalid-input.ts'
import type { Measured } from './transport/metrics.ts'
import type { ReadBudget } from './transport/read-scheduler.ts'
import { ReadScheduler } from './transport/read-scheduler.ts'
import { createServe } from './transport/serve.ts'
import { drain } from './transport/socket/drain.ts'
import { Sockets } from './transport/socket/sockets.ts'
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
  /** What one person may read, where that is less than usual. */
  readonly readBudget?: ReadBudget
  /** The folder of the built page. */
  readonly pages?: string
  /** Holds every answer against the contract. */
  readonly checkOutput?: boolean
}

/** Everything but the transports: what a command works with while no server runs. Disposing of it keeps all that was written. */
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
  /** Both transports' way to the table. */
  readonly calls: Calls
  /** What becomes of what is thrown in a call, or by a transport. */
  readonly errors: ErrorResponses
  readonly meters: Meters
  readonly tracer: Tracer | null
  readonly setupCode: string
  /** Resolves with why, should the store be this process's no longer: it was moved away, or a backup restored over it. Nothing of it is to be told then. */
  readonly lost: Promise<CannotOpen>
}

/** A running server. Disposing of it drains: sockets are told to come back, calls that run are answered, what is written is kept. */
export interface App extends Inside {
  /** Its origin, such as http://localhost:3000. */
  readonly url: string
  readonly port: number
  /** The port of /metrics alone, where there is one. */
  readonly metricsPort: number | null
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
  const meters = new Meters()
  const tracer = await tracerOf(config, node, log)
  if (tracer) parts.use(tracer)
  const lost = Promise.withResolvers<CannotOpen>()
  const opened = await (overrides.openStore?.() ??
    openStore(config, { clock, meters, log, lost: lost.resolve }))
  const store = parts.use(overrides.store?.(opened) ?? opened)
  const files = await openFiles(config, clock)
  const pictures = parts.use(overrides.pictures ?? new PictureProcess())
  const { epoch, salt } = await store.workspace()
  const bus = parts.use(
    overrides.bus ?? (await busOf(config, { salt, epoch, node, clock, log, ...busMeters(meters) })),
  )
  const sharesStore = config.databaseUrl !== null || bus.state !== 'alone'
  const signals = parts.use(new NodeSignals({ bus, log }))
  const compareEveryMs = sharesStore ? limits.headsEveryMs : null
  const measured = measuredLog(store, { meters, clock, tracer })
  const feed = parts.use(new Feed({ store: measured, bus, clock, compareEveryMs, meters }))
  const setupCode = config.setupCode ?? setupCodeOf(salt)
  const shared = { store, writer: feed, files, pictures, clock, log, signals }
  const settings = { limits: config.limits, rates: ratesOf(config), setupCode }
  const core = parts.use(createCore({ ...shared, ...settings }))
  await core.start()
  const held = parts.move()
  const errors = new ErrorResponses(log)
  const { checkOutput = false } = overrides
  const calls = createCalls(core, log, { checkOutput, meters, tracer, errors, now: () => clock.monotonic() })
  const outside = { node, sharesStore, bus, signals, meters, tracer, lost: lost.promise }
  const inside = { ...outside, store, files, pictures, clock, log, feed, core, calls, errors, setupCode }
  return { ...inside, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** PostgreSQL where its address is set, else SQLite in the data directory. What is not used is not loaded. */
async function openStore(
  { data, databaseUrl }: Config,
  { clock, meters, log, lost }: { clock: Clock; meters: Meters; log: Log; lost(why: CannotOpen): void },
): Promise<Store> {
  const { batches } = meters
  if (databaseUrl === null) return openSqliteStore({ directory: data, clock, batches, lost })
  // Files and what else belongs to this node still have their place there.
  makeDirectory(data)
  const { openPostgresStore } = await import('./adapters/store/postgres/store.ts')
  return openPostgresStore({ url: databaseUrl, clock, batches, log, lost })
}

const busMeters = (meters: Meters) => ({ lag: meters.busLag, refused: () => void meters.busRefused++ })

/** Loaded only where there is a Redis to speak to. */
async function busOf({ redisUrl }: Config, parts: Omit<RedisBusParts, 'url'>): Promise<Bus> {
  if (redisUrl === null) return memoryBus()
  const { redisBus } = await import('./adapters/bus/redis.ts')
  return redisBus({ ...parts, url: redisUrl })
}

async function openFiles(config: Config, clock: Clock): Promise<Files> {
  const place = s3Of(config)
  return place ? openS3Files(place, { clock }) : openDiskFiles(join(config.data, 'files'))
}

const ratesOf = (config: Config): RateSettings => ({
  messages: config.messageLimit,
  changes: config.changeLimit,
  signIns: config.signInLimit,
  signUps: config.signUpLimit,
})

/**
 * The server. It serves when this resolves.
 * @throws CannotOpen as `buildInside`, and CannotListen.
 */
export async function buildApp(config: Config, overrides: Overrides = {}): Promise<App> {
  await using parts = new AsyncDisposableStack()
  const inside = parts.use(await buildInside(config, overrides))
  const pages = createPages(overrides.pages ?? builtPages)
  const { epoch } = await inside.store.workspace()
  const workload = parts.use(watchWorkload())
  const ofReads = { ...inside, limits: config.limits, runningAtOnce: readsAtOnce(config) }
  const reads = parts.use(new ReadScheduler({ ...ofReads, budget: overrides.readBudget }))
  const invalidInput = parts.use(new InvalidInput({ clock: inside.clock, limits: config.limits }))
  const descriptors = ProcessDescriptors.here()
  if (descriptors) parts.use(descriptors)
  const { trustedProxies } = config
  const clients = parts.use(new ClientSockets({ ...inside, descriptors, trustedProxies }))
  const server = createHttpServer(clients, overrides.patience)
  const port = await listen(server, { for: 'people', port: config.port, host: config.host })
  const site = siteOf(config.url, port)
  const { sockets, health, measured } = openTransports(
    server,
    { site, pages, epoch, workload, reads, invalidInput, clients },
    inside,
    config,
  )
  const metrics = parts.use(metricsServer(measured, config))
  parts.defer(() => drain({ server, sockets, health, clock: inside.clock }))
  const metricsPort = await metrics.open()
  const held = parts.move()
  const at = { url: site.origin, port, metricsPort, sockets }
  return { ...inside, ...at, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** SQLite reads on the event loop itself, one after the other; PostgreSQL has as many connections that read. */
const readsAtOnce = ({ databaseUrl }: Config): number => (databaseUrl === null ? 1 : 8)

/** Loaded only where there is a collector to tell. */
async function tracerOf(config: Config, node: string, log: Log): Promise<Tracer | null> {
  const settings = tracingOf(config)
  if (!settings) return null
  const { OtlpTracer } = await import('./adapters/otlp/tracer.ts')
  return new OtlpTracer(settings, { version: versionOf(), node, log })
}

/** The server of /metrics alone, which stays open through the drain: it is closed last. */
function metricsServer(measured: Measured, { metricsPort, metricsHost }: Config) {
  const server = metricsPort === null ? null : createMetricsServer(measured, isLoopback(metricsHost))
  return {
    open: async () =>
      server && metricsPort !== null
        ? listen(server, { for: 'metrics', port: metricsPort, host: metricsHost })
        : null,
    [Symbol.dispose]: () => void server?.close(),
  }
}

interface TransportParts {
  readonly site: Site
  readonly pages: Pages
  readonly epoch: Epoch
  readonly workload: { look(): Workload }
  readonly reads: ReadScheduler
  readonly invalidInput: InvalidInput
  readonly clients: ClientSockets
}

/** Both transports to one table, on one port. Between `listen` and here nothing is awaited, so that no request finds nobody. */
function openTransports(
  server: Server,
  { site, pages, epoch, workload, reads, invalidInput, clients }: TransportParts,
  inside: Inside,
  { limits, trustedProxies }: Config,
): { sockets: Sockets; health: Health; measured: Measured } {
  const { core, bus, store, clock, meters, node } = inside
  const identify: Core['identify'] = proof => core.identify(proof)
  const gate = new HttpGate({ site, trustedProxies, errors: inside.errors, identify })
  const bodies = new Bodies(inside)
  const serve = createServe(inside.calls, reads, meters)
  const ofSockets = {
    gate,
    limits,
    metrics: meters,
    identify,
    epoch: () => epoch,
    serve,
    reads,
    invalidInput,
  }
  const sockets = new Sockets(server, { ...inside, ...ofSockets, random: Math.random })
  const health = new Health({ store, bus, clock, clients })
  const version = versionOf()
  const now = { sockets: () => sockets.load(), workload: () => workload.look() }
  const measured = { meters, version, node, bus, health, reads, bodies, clients, ...now }
  const ofHttp = { gate, pages, health, measured, version, serve, reads, bodies, invalidInput }
  serveHttp(server, createHttp({ ...inside, ...ofHttp }), { clients, secure: site.secure })
  return { sockets, health, measured }
}

/** The built page, beside the sources. */
const builtPages = join(import.meta.dirname, '..', 'dist', 'web')

const stderrLog = ({ log }: Config): Log =>
  createLog({ level: log, form: 'json', write: line => void process.stderr.write(line) })
