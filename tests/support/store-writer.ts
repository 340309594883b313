// A process that writes until it is killed. It prints a line for each post: `try <id> <room>` before, `ack <id> <room> <seq>` after.
import { writeSync } from 'node:fs'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { Cast } from './store-cast.ts'

const [directory = '', failpoints = ''] = process.argv.slice(2)
const store = await openSqliteStore({ directory, clock: systemClock, ...(failpoints && { failpoints }) })
const cast = new Cast(() => store)
const known = await store.userNamed('alice')
const alice = known ?? (await cast.user('alice'))
const mine = (await store.roomsOf(alice.id)).map(({ room }) => room)
const rooms: readonly RoomId[] =
  mine.length > 0 ? mine : await Promise.all(['A', 'B', 'C'].map(name => cast.room(name, [alice])))

/** Written before anything else happens. A pipe that is full is tried again: whoever reads it has little to do. */
function tell(...words: readonly (string | number)[]): void {
  for (let rest = Buffer.from(`${words.join(' ')}\n`); rest.length > 0; )
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
}

async function send(sender: number): Promise<never> {
  for (let n = sender; ; n++) {
    const room = rooms[n % rooms.length] as RoomId
    const id = newId<MessageId>()
    tell('try', id, room)
    const [posted] = await cast.do(cast.posting(room, alice, `message ${id}`, { id }))
    tell('ack', id, room, posted?.seq ?? 0)
    if (n % 10 === 0) await cast.edit(room, alice, id, `message ${id}`, 1)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, sender) => send(sender)))
