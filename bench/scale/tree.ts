/** What one thing costs, see measured.json. */
export interface Costs {
  readonly writeMicros: number
  readonly deliveryMicros: number
  readonly coalesceMs: number
  readonly eventBytes: number
  readonly commitMs: number
  readonly appendsASecond: number
  readonly busMicros: number
  readonly busHearMicros: number
  readonly hopMs: number
}

export interface Crowd {
  readonly name: string
  readonly rooms: number
  /** Online members of each room. */
  readonly members: number
  readonly online: number
  /** Messages a second in all rooms together. */
  readonly posts: number
}

/** How many of each there are. */
export interface Fleet {
  readonly nodes: number
  readonly databases: number
  readonly buses: number
}

export interface Outcome {
  readonly fleet: Fleet
  readonly busyNode: number
  readonly busyBus: number
  readonly deliveries: number
  readonly busBytes: number
  /** Milliseconds of the p50 and p99 of deliveries: after the commit, at the nodes, at the sockets. */
  readonly committed: readonly [number, number]
  readonly atNodes: readonly [number, number]
  readonly heard: readonly [number, number]
}

/** No part is busy for more of its time than this, so that queues stay short and a neighbour's load can be taken. */
const mostBusy = 0.6
const socketsANode = 20_000
/** Long enough for queues to grow where they will. */
const seconds = 4

/** The smallest fleet of which no part is too busy, by arithmetic; the simulation then shows how long deliveries take in it. */
export function fleetFor(crowd: Crowd, costs: Costs): Fleet {
  const { posts, online, rooms, members } = crowd
  const databases = Math.ceil(posts / (costs.appendsASecond * mostBusy))
  let nodes = Math.max(2, Math.ceil(online / socketsANode))
  const roomRate = posts / rooms
  // A topic sends one frame a window at most: what comes within it is joined.
  const joined = Math.max(1, (roomRate * costs.coalesceMs) / 1_000)
  const micros = posts * members * (costs.writeMicros / joined + costs.deliveryMicros)
  nodes = Math.max(nodes, Math.ceil(micros / 1e6 / mostBusy))
  const reached = nodesReached(members, nodes)
  const buses = Math.ceil((posts * (costs.busMicros + costs.busHearMicros * reached)) / 1e6 / mostBusy)
  return { nodes, databases, buses }
}

/** Of so many nodes, those where at least one of so many members is expected to be. */
const nodesReached = (members: number, nodes: number): number => nodes * (1 - (1 - 1 / nodes) ** members)

/** Posts come at random times to random rooms; each goes through its database, its bus and every node with somebody in that room. */
export function simulate(crowd: Crowd, costs: Costs, fleet = fleetFor(crowd, costs)): Outcome {
  const random = seeded(20_261_125)
  const databases = new Float64Array(fleet.databases)
  const buses = queues(fleet.buses)
  const nodes = queues(fleet.nodes)
  const committed: number[] = []
  const arrivals: Arrival[] = []
  let published = 0
  for (let at = 0; at < seconds * 1_000; at += -Math.log(1 - random()) / (crowd.posts / 1_000)) {
    const room = Math.floor(random() * crowd.rooms)
    // While one batch is committed the next gathers: a post waits for the rest of one and the whole of its own.
    const database = room % fleet.databases
    const apart = 1_000 / costs.appendsASecond
    databases[database] = Math.max(at, databases[database] ?? 0) + apart
    const done = (databases[database] ?? 0) + costs.commitMs * (0.5 + random())
    committed.push(done - at)
    const members = spread(room, crowd.members, fleet.nodes)
    published += members.size
    const bus = buses.take(room % fleet.buses, done, costs.busMicros + costs.busHearMicros * members.size)
    for (const [node, people] of members) arrivals.push({ at, room, node, people, came: bus + costs.hopMs })
  }
  const { heard, deliveries } = deliver(arrivals, nodes, costs)
  const reached = arrivals.map(({ at, came, people }) => ({ ms: came - at, people }))
  return {
    fleet,
    busyNode: nodes.busiest(),
    busyBus: buses.busiest(),
    deliveries: deliveries / seconds,
    busBytes: ((published + committed.length) * costs.eventBytes) / seconds,
    committed: quantiles(committed.map(ms => ({ ms, people: 1 }))),
    atNodes: quantiles(reached),
    heard: quantiles(heard),
  }
}

interface Arrival {
  readonly at: number
  readonly room: number
  readonly node: number
  readonly people: number
  readonly came: number
}

type Delay = { readonly ms: number; readonly people: number }

/** A topic that was idle is written at once; what comes within a window of its last frame goes with the next. */
function deliver(arrivals: Arrival[], nodes: Queues, costs: Costs): { heard: Delay[]; deliveries: number } {
  const heard: Delay[] = []
  const frames = new Map<string, { sent: number; events: Arrival[] }>()
  const due: { sent: number; events: Arrival[] }[] = []
  for (const one of arrivals.sort((a, b) => a.came - b.came)) {
    const topic = `${one.node}:${one.room}`
    const last = frames.get(topic)
    if (last && one.came < last.sent) {
      last.events.push(one)
      continue
    }
    const sent = last && one.came < last.sent + costs.coalesceMs ? last.sent + costs.coalesceMs : one.came
    const frame = { sent, events: [one] }
    frames.set(topic, frame)
    due.push(frame)
  }
  let deliveries = 0
  for (const { sent, events } of due.sort((a, b) => a.sent - b.sent)) {
    const [{ node, people } = { node: 0, people: 0 }] = events
    const micros = people * (costs.writeMicros + costs.deliveryMicros * events.length)
    const written = nodes.take(node, sent, micros) + costs.hopMs
    // Whoever is written to last waits for the whole round; that is whom the figures are of.
    for (const { at } of events) heard.push({ ms: written - at, people })
    deliveries += people * events.length
  }
  return { heard, deliveries }
}

/** Members over nodes: each to one at random where they are few, evenly where they are many. */
function spread(room: number, members: number, nodes: number): Map<number, number> {
  const over = new Map<number, number>()
  if (members > 50 * nodes) {
    for (let node = 0; node < nodes; node++) over.set(node, Math.ceil(members / nodes))
    return over
  }
  const random = seeded(room + 1)
  for (let n = 0; n < members; n++) {
    const node = Math.floor(random() * nodes)
    over.set(node, (over.get(node) ?? 0) + 1)
  }
  return over
}

interface Queues {
  /** When a piece of work of so many us, which came at a time in ms, is done by one of them. */
  take(one: number, at: number, micros: number): number
  /** The share of its time that the busiest one worked. */
  busiest(): number
}

function queues(many: number): Queues {
  const free = new Float64Array(many)
  const worked = new Float64Array(many)
  return {
    take(one, at, micros) {
      const done = Math.max(at, free[one] ?? 0) + micros / 1_000
      free[one] = done
      worked[one] = (worked[one] ?? 0) + micros / 1_000
      return done
    },
    busiest: () => Math.max(...worked) / (seconds * 1_000),
  }
}

function quantiles(delays: readonly Delay[]): readonly [number, number] {
  const sorted = delays.toSorted((a, b) => a.ms - b.ms)
  const all = sorted.reduce((sum, one) => sum + one.people, 0)
  const at = (share: number) => {
    let passed = 0
    for (const { ms, people } of sorted) {
      passed += people
      if (passed >= all * share) return ms
    }
    return 0
  }
  return [at(0.5), at(0.99)]
}

/** Numbers from 0 to 1 that are the same at every run: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
