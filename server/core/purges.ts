import type { UserId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import type { Workings } from './workings.ts'
import { change, fresh } from './write.ts'

/** Few enough that a purge of a million messages never holds up those who talk meanwhile. */
const batch = 100

/** Deletes what somebody said, batch by batch, until nothing is left or the core is closing. The row stays until then. */
export async function purge(w: Workings, author: UserId, stopping: () => boolean): Promise<void> {
  while (!stopping()) {
    const messages = await w.store.messagesBy(author, batch)
    if (messages.length === 0) {
      await w.writer.commit(change({ rows: [{ row: 'purged', user: author }] }))
      return
    }
    const at = w.clock.now()
    await w.writer.commit(
      change({
        guards: messages.map(({ id, room }) => fresh({ if: 'message', message: id, room })),
        appends: messages.map(({ id, room, seq }) => ({
          topic: roomTopic(room),
          event: { e: 'message.deleted', by: author, at, id, of: seq, author },
        })),
      }),
    )
  }
}

/** Goes on with the purges that a stop or a crash interrupted. */
export async function resumePurges(w: Workings): Promise<void> {
  for (const user of await w.store.purges()) w.background(stopping => purge(w, user, stopping))
}
