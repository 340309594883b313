import type { OperationName } from '../../contract/operations.ts'
import type { Histogram, Meters } from '../core/meters.ts'
import type { Bus } from '../core/ports/bus.ts'
import type { Workload } from '../core/ports/workload.ts'
import type { Family, Sample } from './exposition.ts'
import { histogramSamples } from './exposition.ts'

/** Sockets now, and what their queues hold. */
export interface SocketLoad {
  readonly open: number
  readonly waiting: number
  readonly queuedBytes: number
  readonly mostQueuedBytes: number
}

/** All that a node can be measured by, read when somebody asks. */
export interface Measured {
  readonly meters: Meters
  readonly version: string
  readonly node: string
  readonly bus: Pick<Bus, 'state'>
  readonly health: { readonly draining: boolean }
  readonly clients: { readonly open: number; readonly most: number; readonly refused: number }
  readonly bodies: { readonly heldBytes: number }
  readonly reads: { readonly inFlight: number; readonly waits: Histogram }
  sockets(): SocketLoad
  workload(): Workload
}

const milli = 1 / 1_000
const signIn: OperationName = 'account.signIn'

const counter = (name: string, help: string, ...samples: Sample[]): Family => ({
  name,
  help,
  samples,
  type: 'counter',
})
const gauge = (name: string, help: string, ...samples: Sample[]): Family => ({
  name,
  help,
  samples,
  type: 'gauge',
})
const histogram = (name: string, help: string, samples: Sample[]): Family => ({
  name,
  help,
  samples,
  type: 'histogram',
})
const flag = (is: boolean): Sample => ({ value: is ? 1 : 0 })

/** Everything that /metrics tells. No label ever names a person, a room or a message: labels are words of this program. */
export function familiesOf(of: Measured): Family[] {
  const { version, node, bus, health } = of
  return [
    gauge('confab_build_info', 'Which program this is.', { labels: { version, node }, value: 1 }),
    gauge('confab_draining', '1 while the node is ending.', flag(health.draining)),
    gauge(
      'confab_bus_lost',
      '1 while nothing gets through to or from the other nodes.',
      flag(bus.state === 'lost'),
    ),
    ...socketFamilies(of.sockets(), of.meters),
    ...storeFamilies(of.meters),
    ...callFamilies(of.meters),
    ...readFamilies(of.reads),
    ...clientFamilies(of.clients),
    gauge('confab_body_bytes', 'Bytes of request bodies that are held in memory.', {
      value: of.bodies.heldBytes,
    }),
    ...processFamilies(of.workload()),
  ]
}

const socketFamilies = (now: SocketLoad, { deliveries, cut, closed }: Meters): Family[] => [
  gauge(
    'confab_connections',
    'Sockets that are open, and those that have not said hello.',
    { labels: { state: 'open' }, value: now.open },
    { labels: { state: 'waiting' }, value: now.waiting },
  ),
  counter('confab_deliveries_total', 'Events written to sockets.', { value: deliveries }),
  gauge('confab_queue_bytes', 'Bytes that wait in the queues of all sockets.', { value: now.queuedBytes }),
  gauge('confab_queue_bytes_max', 'Bytes that wait in the longest queue of a socket.', {
    value: now.mostQueuedBytes,
  }),
  counter('confab_slow_readers_cut_total', 'Sockets closed for reading too slowly.', { value: cut }),
  counter(
    'confab_sockets_closed_total',
    'Sockets closed, by the code that was given.',
    ...Array.from(closed, ([code, value]) => ({ labels: { code }, value })),
  ),
]

const storeFamilies = (meters: Meters): Family[] => [
  histogram(
    'confab_commit_seconds',
    'How long a commit took whoever waited for it.',
    histogramSamples(meters.commits, milli),
  ),
  histogram(
    'confab_commit_batch_size',
    'Writes that went to the disk together.',
    histogramSamples(meters.batches, 1),
  ),
  histogram(
    'confab_bus_lag_seconds',
    'From publishing on another node to hearing here.',
    histogramSamples(meters.busLag, milli),
  ),
  counter(
    'confab_bus_refused_total',
    'Messages between nodes that none of them sent, and that were dropped.',
    {
      value: meters.busRefused,
    },
  ),
  counter('confab_gaps_filled_total', 'Events that were not heard of and read from the store.', {
    value: meters.gapsFilled,
  }),
  counter('confab_heads_compared_total', "Logs whose head was compared with the store's.", {
    value: meters.headsCompared,
  }),
]

function callFamilies(meters: Meters): Family[] {
  const all = [...meters.operations()]
  const outcomes = all.flatMap(({ name: operation, transport, meter }) =>
    Array.from(meter.outcomes, ([outcome, value]) => ({ labels: { operation, transport, outcome }, value })),
  )
  const refused = outcomes.filter(
    ({ labels: { operation, outcome } }) => operation === signIn && outcome !== 'ok',
  )
  return [
    counter('confab_operations_total', 'Calls of operations, by transport and outcome.', ...outcomes),
    histogram(
      'confab_operation_seconds',
      'How long calls of operations took.',
      all.flatMap(({ name: operation, transport, meter }) =>
        histogramSamples(meter.times, milli, { operation, transport }),
      ),
    ),
    counter('confab_sign_ins_refused_total', 'Tries to sign in that were refused.', {
      value: refused.reduce((sum, { value }) => sum + value, 0),
    }),
    counter(
      'confab_http_requests_total',
      'HTTP answers by the class of their status.',
      ...[1, 2, 3, 4, 5].map(n => ({ labels: { status: `${n}xx` }, value: meters.requests[n] ?? 0 })),
    ),
  ]
}

const clientFamilies = ({ open, most, refused }: Measured['clients']): Family[] => [
  gauge('confab_client_sockets', 'Connections of clients.', { value: open }),
  ...known(
    'confab_client_sockets_max',
    'The most connections of clients that there is room for.',
    Number.isFinite(most) ? most : null,
  ),
  counter('confab_client_sockets_refused_total', 'Connections refused for want of room.', { value: refused }),
]

const readFamilies = ({ inFlight, waits }: Measured['reads']): Family[] => [
  gauge('confab_reads_in_flight', 'Reads that run or wait for their turn.', { value: inFlight }),
  histogram(
    'confab_read_wait_seconds',
    'How long reads waited for their turn among those of others.',
    histogramSamples(waits, milli),
  ),
]

const processFamilies = (now: Workload): Family[] => [
  gauge(
    'confab_event_loop_delay_seconds',
    'How late the event loop was since it was last asked.',
    { labels: { at: 'p50' }, value: now.loopDelay.p50 * milli },
    { labels: { at: 'p99' }, value: now.loopDelay.p99 * milli },
    { labels: { at: 'max' }, value: now.loopDelay.max * milli },
  ),
  gauge('process_resident_memory_bytes', 'Resident memory.', { value: now.residentBytes }),
  gauge('nodejs_heap_size_used_bytes', "Used bytes of JavaScript's heap.", { value: now.heapBytes }),
  counter('process_cpu_seconds_total', 'CPU time, user and system.', { value: now.cpuSeconds }),
  gauge('process_start_time_seconds', 'When the process began, Unix time.', { value: now.startedAt }),
  ...known('process_open_fds', 'Open file descriptors.', now.openFiles),
  ...known('process_max_fds', 'The most file descriptors there may be.', now.mostFiles),
]

const known = (name: string, help: string, value: number | null): Family[] =>
  value === null ? [] : [gauge(name, help, { value })]
