import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '../../contract/ids.ts'
import type { StartPeer } from './peers.ts'
import { freePort, startServer } from './process.ts'
import { RawClient } from './raw-client.ts'
import type { Member, Meter } from './run.ts'

const top = join(import.meta.dirname, '..', '..')
const text = 'A message of ordinary length, as people write them. '.repeat(2)

/** How a benchmark's server is run. `tree`: whose program it is, where another is measured than this one. */
interface Run {
  readonly limits?: 'on' | 'off'
  readonly tree?: string
}

/** A server of its own on a seeded workspace of so many people, each with a token. */
export async function confabServer(folder: string, users: number, { limits = 'off', tree = top }: Run = {}) {
  const main = join(tree, 'server', 'main.ts')
  const { data, tokens } = seeded(folder, users, main)
  const port = await freePort()
  const settings = { CONFAB_LIMITS: limits, CONFAB_LOG: 'error', PORT: String(port), CONFAB_DATA: data }
  const child = await startServer(process.execPath, [main, 'start'], `localhost:${port}`, settings)
  return { process: child, pid: child.pid, port, tokens }
}

/** Confab itself: every member signed in by a token, every post authorised, stored with synchronous=FULL, and acknowledged. */
export const confab =
  (folder: string): StartPeer =>
  async (count, meter) => {
    const { process: child, pid, port, tokens } = await confabServer(folder, count)
    const room = await generalRoom(port, tokens[0] as string)
    const members: Member[] = []
    while (members.length < count) {
      const next = tokens.slice(members.length, Math.min(count, members.length + 50))
      members.push(...(await Promise.all(next.map(token => enter(port, token, room, meter)))))
    }
    return { process: child, pid, members }
  }

/** A workspace with so many people in General, made once and copied for each run. */
function seeded(folder: string, users: number, main: string): { data: string; tokens: string[] } {
  const seed = join(folder, `seed-${users}`)
  const file = `${seed}.tokens`
  if (!existsSync(file)) {
    const counts = ['--users', String(users), '--rooms', '10', '--messages', '1000', '--tokens', file]
    execFileSync(process.execPath, [main, 'seed', ...counts, '--data', seed], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  const data = join(folder, newId())
  cpSync(seed, data, { recursive: true })
  return { data, tokens: readFileSync(file, 'utf8').trim().split('\n') }
}

/** The id of the room General. */
export async function generalRoom(port: number, token: string): Promise<string> {
  const answer = await fetch(`http://localhost:${port}/api/rooms`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  const { rooms } = (await answer.json()) as { rooms: { id: string; name: string }[] }
  const general = rooms.find(room => room.name === 'General')
  if (!general) throw new Error('the seeded workspace has no room General')
  return general.id
}

/** The numbers of the posts in a frame: every member gets the same bytes, so the first to read them reads for all. */
const read = new Map<number, { bytes: number; numbers: number[] }>()

/** Somebody on one node, who hears each seq once and in order, or throws. */
export async function enter(port: number, token: string, room: string, meter: Meter): Promise<Member> {
  const headers = { Authorization: `Bearer ${token}`, 'Sec-WebSocket-Protocol': 'confab.v1' }
  const welcomed = Promise.withResolvers<void>()
  const start = `{"t":"events","topic":"room:${room}","seq":`
  let cursor = 0
  const hear = (payload: Buffer) => {
    const kind = payload.toString('latin1', 6, 12)
    if (kind === 'reply"') return heardReply(payload, meter)
    if (kind === 'welcom') return welcomed.resolve()
    if (kind === 'reset"') {
      const reset = JSON.parse(payload.toString())
      if (reset.topic === `room:${room}`) cursor = reset.head
      return
    }
    if (kind !== 'events' || payload.toString('latin1', 0, start.length) !== start) return
    const seq = Number.parseInt(payload.toString('latin1', start.length, start.length + 15), 10)
    if (seq !== cursor + 1) throw new Error(`a gap or a duplicate: ${seq} came after ${cursor}`)
    const numbers = numbersIn(payload, seq)
    cursor += numbers.length
    for (const n of numbers) meter.delivered(n, 1)
  }
  const client = await RawClient.open(port, '/ws', headers, hear)
  client.send(JSON.stringify({ t: 'hello', v: 1, cursors: {} }))
  await welcomed.promise
  const post = (n: number) =>
    client.send(
      JSON.stringify({
        t: 'call',
        ref: n,
        op: 'messages.post',
        input: { id: newId(), room, text: `${text}#${n}` },
      }),
    )
  return { client, post }
}

function heardReply(payload: Buffer, meter: Meter): void {
  const reply = JSON.parse(payload.toString()) as { ref: number; ok?: unknown; error?: { code: string } }
  if (reply.ok === undefined) throw new Error(`post ${reply.ref} was refused: ${reply.error?.code}`)
  meter.acknowledged(reply.ref)
}

function numbersIn(payload: Buffer, seq: number): number[] {
  const known = read.get(seq)
  if (known?.bytes === payload.length) return known.numbers
  const { events } = JSON.parse(payload.toString()) as { events: { text?: string }[] }
  const numbers = events.map(event => Number(event.text?.split('#')[1]))
  read.set(seq, { bytes: payload.length, numbers })
  if (read.size > 10_000) read.clear()
  return numbers
}
