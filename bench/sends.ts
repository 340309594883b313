// Acknowledged durable sends a second through whole servers on PostgreSQL: people on sockets, spread over the nodes, each of whom sends
// when the last answer came. See docs/PERFORMANCE.md.
// node confab.mjs run bench/sends.ts [--nodes 1,2] [--senders 200] [--seconds 10] [--people-a-room 5]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { newId } from '../contract/ids.ts'
import { Latency } from './load/latency.ts'
import { Cluster } from './load/nodes.ts'
import { cpuMicroseconds } from './load/process.ts'
import { RawClient } from './load/raw-client.ts'
import { keep } from './load/results.ts'

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1,2' },
    senders: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    'people-a-room': { type: 'string', default: '5' },
  },
})
const senders = Number(values.senders)
const seconds = Number(values.seconds)
const peopleARoom = Number(values['people-a-room'])
const text = 'A message of ordinary length, as people write them. '.repeat(2)
const warmUpMs = 2_000
/** Of each few people, the room that they are in. */
const rooms = new Map<number, Promise<string>>()

interface Sends {
  readonly nodes: number
  readonly acknowledgedPerSecond: number
  readonly latencyMs: ReturnType<Latency['summary']>
  /** Processor time of all nodes for each send. */
  readonly cpuMicrosecondsPerSend: number
}

const folder = mkdtempSync(join(tmpdir(), 'confab-sends-'))
const results: Sends[] = []
{
  await using cluster = await Cluster.of(senders, folder)
  for (const many of values.nodes.split(',').map(Number)) {
    while (cluster.nodes.length < many) await cluster.addNode()
    const result = await measure(cluster)
    results.push(result)
    const { p50, p99 } = result.latencyMs
    console.log(
      `${many} nodes, ${senders} senders: ${result.acknowledgedPerSecond}/s acknowledged  p50 ${p50} ms  p99 ${p99} ms  ${result.cpuMicrosecondsPerSend} us of the nodes each`,
    )
  }
}
rmSync(folder, { recursive: true, force: true })
keep(`sends-by-${senders}`, { options: values, results })

async function measure(cluster: Cluster): Promise<Sends> {
  const tally = { acknowledged: 0, latency: new Latency(), isOver: false }
  const clients = await Promise.all(
    cluster.tokens.slice(0, senders).map(async (token, n) => sender(cluster, token, n, tally)),
  )
  await new Promise(resolve => setTimeout(resolve, warmUpMs))
  tally.acknowledged = 0
  tally.latency = new Latency()
  const cpu = () => cluster.nodes.reduce((sum, { pid }) => sum + cpuMicroseconds(pid), 0)
  const before = cpu()
  const began = performance.now()
  await new Promise(resolve => setTimeout(resolve, seconds * 1_000))
  const elapsed = (performance.now() - began) / 1_000
  const result = {
    nodes: cluster.nodes.length,
    acknowledgedPerSecond: Math.round(tally.acknowledged / elapsed),
    latencyMs: tally.latency.summary(),
    cpuMicrosecondsPerSend: Math.round((cpu() - before) / Math.max(1, tally.acknowledged)),
  }
  tally.isOver = true
  for (const client of clients) client.close()
  return result
}

/** Somebody on the node that is their turn, in a room with a few others, who sends and waits in turn until all is over. */
async function sender(
  cluster: Cluster,
  token: string,
  n: number,
  tally: { acknowledged: number; latency: Latency; isOver: boolean },
): Promise<RawClient> {
  const { port } = cluster.nodeOf(n)
  const room = await roomOf(Math.floor(n / peopleARoom), token, port)
  const welcomed = Promise.withResolvers<void>()
  let sentAt = 0
  const send = () => {
    sentAt = performance.now()
    const call = { t: 'call', ref: 1, op: 'messages.post', input: { id: newId(), room, text } }
    client.send(JSON.stringify(call))
  }
  const hear = (payload: Buffer) => {
    const kind = payload.toString('latin1', 6, 12)
    if (kind === 'welcom') welcomed.resolve()
    if (kind !== 'reply"' || tally.isOver) return
    if (!payload.includes('"ok"')) throw new Error(`a send was refused: ${payload}`)
    tally.acknowledged++
    tally.latency.add(performance.now() - sentAt)
    send()
  }
  const headers = { Authorization: `Bearer ${token}`, 'Sec-WebSocket-Protocol': 'confab.v1' }
  const client = await RawClient.open(port, '/ws', headers, hear)
  client.send(JSON.stringify({ t: 'hello', v: 1, cursors: {} }))
  await welcomed.promise
  send()
  return client
}

/** The room of a few people: the first of them makes it, the others join. */
async function roomOf(group: number, token: string, port: number): Promise<string> {
  const call = async (method: string, path: string, body?: object): Promise<void> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const answer = await fetch(`http://localhost:${port}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  }
  const there = rooms.get(group)
  if (there) {
    const id = await there
    await call('POST', `/api/rooms/${id}/join`)
    return id
  }
  const id = newId<string>()
  const made = call('POST', '/api/rooms', { id, kind: 'public', name: `Bench ${id}` }).then(() => id)
  rooms.set(group, made)
  return made
}
