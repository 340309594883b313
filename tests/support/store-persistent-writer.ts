// A process that goes on writing when the store is Unavailable. It prints `ack <id> <room> <seq>` or `unavailable` for each post, until its
// standard input ends; then it closes the store.
import { writeSync } from 'node:fs'
import type { MessageId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { Unavailable } from '../../server/core/ports/failures.ts'
import { Cast } from './store-cast.ts'

const store = await openSqliteStore({ directory: process.argv[2] ?? '', clock: systemClock })
const cast = new Cast(() => store)
const alice = await cast.user('alice')
const room = await cast.room('Tea', [alice])
let isOver = false
process.stdin.on('end', () => {
  isOver = true
})
process.stdin.resume()

while (!isOver) {
  const id = newId<MessageId>()
  try {
    const [posted] = await cast.do(cast.posting(room, alice, id, { id }))
    writeSync(1, `ack ${id} ${room} ${posted?.seq}\n`)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    writeSync(1, 'unavailable\n')
  }
}
await store[Symbol.asyncDispose]()
