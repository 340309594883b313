// What an idle, authenticated connection costs, and how long all of them take to be back and caught up. See docs/PERFORMANCE.md.
// node confab.mjs run bench/connections.ts [--connections 5000]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { confabServer, generalRoom } from './load/confab.ts'
import { residentBytes, stop } from './load/process.ts'
import { RawClient } from './load/raw-client.ts'
import { keep } from './load/results.ts'

const { values } = parseArgs({ options: { connections: { type: 'string', default: '5000' } } })
const wanted = Number(values.connections)
const users = 500
const behind = 20

const folder = mkdtempSync(join(tmpdir(), 'confab-bench-'))
const { process: server, pid, port, tokens } = await confabServer(folder, users)
const room = await generalRoom(port, tokens[0] as string)

/** Opens one, says hello with a cursor in General, and resolves when it was welcomed and has heard General up to `to`. */
async function open(n: number, cursor: number | null, to: number): Promise<RawClient> {
  const there = Promise.withResolvers<void>()
  let welcomed = false
  let heard = cursor ?? to
  const hear = (payload: Buffer) => {
    const frame = JSON.parse(payload.toString()) as {
      t: string
      topic?: string
      seq: number
      events: unknown[]
    }
    if (frame.t === 'welcome') welcomed = true
    if (frame.t === 'events' && frame.topic === `room:${room}`) {
      if (frame.seq !== heard + 1) there.reject(new Error(`a gap: ${frame.seq} came after ${heard}`))
      heard = frame.seq + frame.events.length - 1
    }
    if (welcomed && heard >= to) there.resolve()
  }
  const token = tokens[n % tokens.length] as string
  const headers = { Authorization: `Bearer ${token}`, 'Sec-WebSocket-Protocol': 'confab.v1' }
  const client = await RawClient.open(port, '/ws', headers, hear)
  const cursors = cursor === null ? {} : { [`room:${room}`]: cursor }
  client.send(JSON.stringify({ t: 'hello', v: 1, cursors }))
  await there.promise
  return client
}

async function openAll(cursor: number | null, to: number): Promise<RawClient[]> {
  const clients: RawClient[] = []
  while (clients.length < wanted) {
    const next = Array.from({ length: Math.min(100, wanted - clients.length) }, (_, n) =>
      open(clients.length + n, cursor, to),
    )
    clients.push(...(await Promise.all(next)))
  }
  return clients
}

async function head(): Promise<number> {
  const headers = { Authorization: `Bearer ${tokens[0]}` }
  const answer = await fetch(`http://localhost:${port}/api/rooms/${room}`, { headers })
  return ((await answer.json()) as { seq: number }).seq
}

const settled = () => new Promise(resolve => setTimeout(resolve, 3_000))

await open(0, null, 0)
await settled()
const before = residentBytes(pid)
const clients = await openAll(null, 0)
await settled()
const each = Math.round((residentBytes(pid) - before) / wanted)
for (const client of clients) client.close()
await settled()
const to = await head()
const began = performance.now()
const again = await openAll(to - behind, to)
const seconds = Math.round(performance.now() - began) / 1_000
for (const client of again) client.close()
await stop(server)
rmSync(folder, { recursive: true, force: true })

console.log(`${wanted} idle connections, each in General, Random and some rooms: ${each} bytes each`)
console.log(`${wanted} reconnects, each ${behind} events behind in General: all caught up in ${seconds} s`)
keep('connections', { connections: wanted, bytesEach: each, behind, reconnectSeconds: seconds })
