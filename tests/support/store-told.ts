import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RoomId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { assertSound } from './sound.ts'
import { logOf } from './store-cast.ts'

const writer = join(import.meta.dirname, 'store-writer.ts')

/** What was told of each message, over all the processes that wrote to one store: its room, and its seq where it was acknowledged. */
export type Told = Map<string, { room: RoomId; seq: number | null }>

/**
 * Lets a process write until it ends, which is what `end` is for, after so many acknowledgements; what it acknowledges after `doubt` was
 * called counts as not heard. Answers the signal that it ended by.
 */
export async function writeUntil(
  { directory, failpoints = '' }: { directory: string; failpoints?: string },
  told: Told,
  acks: number,
  end: (child: ChildProcess, doubt: () => void) => unknown,
): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [writer, directory, failpoints], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let [left, doubting] = [acks, false]
  let ending: unknown
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, id = '', room = '', seq] = line.split(' ')
    const counts = word === 'ack' && !doubting
    told.set(id, { room: room as RoomId, seq: counts ? Number(seq) : (told.get(id)?.seq ?? null) })
    if (word === 'ack' && --left === 0)
      ending = end(child, () => {
        doubting = true
      })
  }
  await ending
  const [, signal] = await ended
  return signal
}

/** Everything acknowledged is there once, at its seq; what was not is there once or not at all; tables and logs agree. */
export async function assertTold(directory: string, told: Told): Promise<void> {
  await using store = await openSqliteStore({ directory, clock: systemClock })
  await assertSound(directory)
  const rooms = new Set([...told.values()].map(({ room }) => room))
  const seen = new Map<string, number>()
  for (const room of rooms) {
    const events = await logOf(store, roomTopic(room))
    for (const [n, event] of events.entries()) {
      if (event.e !== 'message.posted') continue
      assert.ok(!seen.has(event.id), `${event.id} is there twice`)
      assert.equal(told.get(event.id)?.room, room, 'nobody wrote this')
      seen.set(event.id, n + 1)
    }
  }
  for (const [id, { seq }] of told) {
    if (seq !== null) assert.equal(seen.get(id), seq, `${id} was acknowledged at ${seq}`)
    const message = await store.message(id as never)
    assert.equal(message?.message.seq ?? null, seen.get(id) ?? null)
  }
}
