import type { RoomId } from '../../../contract/ids.ts'
import type { Client } from '../../sync/model.ts'

const patienceMs = 3_000

/**
 * Resolves when the room stands in the client's snapshot: an answer may be here before its event, and a page that goes to the room too
 * early would say that there is none. Resolves anyway after a while.
 */
export function untilRoom(client: Client, room: RoomId): Promise<void> {
  const isThere = () => {
    const { rooms, memberships } = client.snapshot()
    return rooms.has(room) && memberships.has(room)
  }
  if (isThere()) return Promise.resolve()
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(late)
      stop()
      resolve()
    }
    const late = setTimeout(end, patienceMs)
    const stop = client.subscribe(() => {
      if (isThere()) end()
    })
  })
}
