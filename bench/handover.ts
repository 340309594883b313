// npm run bench -- handover [--rounds 9]: what it costs in processor time to hand a post to the thread that writes SQLite, for each post, on
// either side: its encoded event alone, which the thread parses; the same and the event as an object; and the same without being parsed, which
// is the least that any way could cost. Of one run, in turns. See docs/decisions/0010-a-thread-writes-sqlite.md.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import type { Event } from '../contract/events.ts'
import { encodeEvent } from '../contract/events.ts'
import type { MessageId, RoomId, UserId } from '../contract/ids.ts'
import { newId, roomTopic } from '../contract/ids.ts'
import { keep } from './load/results.ts'

const ways = ['parsed', 'object', 'unread'] as const
type Way = (typeof ways)[number]
type Append = { readonly body: string; readonly event?: Event }
type Batch = readonly { readonly appends: readonly Append[] }[]

/** Posts in a batch, as fifty senders make them; batches of a measurement. */
const [posts, batches] = [25, 2_000]

function postOf(text: string, way: Way) {
  const [id, author, room] = [newId<MessageId>(), newId<UserId>(), newId<RoomId>()]
  const event: Event = { e: 'message.posted', by: author, at: Date.now(), id, text }
  return {
    idempotencyKey: { of: 'message', id, author, fingerprint: 'b'.repeat(43) },
    guards: [
      { if: 'user', user: author, state: 'active', refuse: 'signed_out' },
      { if: 'member', room, user: author, refuse: 'not_found' },
      { if: 'room', room, archived: false, refuse: 'archived' },
      { if: 'all here', room, but: [], refuse: 'changed' },
    ],
    appends: [{ topic: roomTopic(room), body: encodeEvent(event), ...(way === 'object' && { event }) }],
    rows: [],
  }
}

const micros = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / (posts * batches)
}

if (isMainThread) await compare()
else answer()

async function compare(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } })
  const results: object[] = []
  for (const characters of [68, 4_000]) {
    const took = new Map(ways.map(way => [way, [] as { loop: number; thread: number }[]]))
    for (let round = 0; round < Number(values.rounds); round++)
      for (const way of ways) took.get(way)?.push(await measure('x'.repeat(characters), way))
    const middle = (of: number[]) => Number(of.sort((a, b) => a - b)[of.length >> 1]?.toFixed(2))
    for (const [way, runs] of took) {
      const [loop, thread] = [middle(runs.map(run => run.loop)), middle(runs.map(run => run.thread))]
      results.push({ characters, way, loopMicros: loop, threadMicros: thread })
    }
  }
  console.table(results)
  keep('handover', { options: values, results })
}

async function measure(text: string, way: Way): Promise<{ loop: number; thread: number }> {
  const thread = new Worker(new URL(import.meta.url))
  const batch = () => Array.from({ length: posts }, () => postOf(text, way))
  const hand = async () => {
    thread.postMessage({ way, batch: batch() })
    await once(thread, 'message')
  }
  for (let n = 0; n < batches / 4; n++) await hand()
  thread.postMessage('begin')
  const before = process.threadCpuUsage()
  for (let n = 0; n < batches; n++) await hand()
  const loop = micros(before)
  thread.postMessage('end')
  const [used] = (await once(thread, 'message')) as [number]
  await thread.terminate()
  return { loop, thread: used }
}

function answer(): void {
  const port = parentPort
  if (!port) return
  let before = process.threadCpuUsage()
  let length = 0
  port.on('message', (given: 'begin' | 'end' | { way: Way; batch: Batch }) => {
    if (given === 'begin') before = process.threadCpuUsage()
    else if (given === 'end') port.postMessage(micros(before))
    else {
      for (const { appends } of given.batch)
        for (const { body, event } of appends)
          if (given.way === 'parsed') length += (JSON.parse(body) as Event).e.length
          else length += event?.e.length ?? body.length
      port.postMessage(length)
    }
  })
}
