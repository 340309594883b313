import type { UserId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import type { OperationContext } from '../../context.ts'
import { change, fresh } from '../../log/write.ts'

/** Few enough that a purge of a million messages never holds up those who talk meanwhile. */
const batch = 100

/**
 * Deletes what somebody said, batch by batch, until nothing is left or the core is closing. The row stays until then. Of two nodes that
 * do it at once, each batch is done by one: the other's guards fail, and it goes on with what is left.
 */
export async function purge(
  context: OperationContext,
  author: UserId,
  stopping: () => boolean,
): Promise<void> {
  if (context.purging.has(author)) return
  context.purging.add(author)
  try {
    while (!stopping() && (await purgeBatch(context, author))) {}
  } finally {
    context.purging.delete(author)
  }
}

/** Answers whether there may be more. */
async function purgeBatch(context: OperationContext, author: UserId): Promise<boolean> {
  const messages = await context.store.messagesBy(author, batch)
  if (messages.length === 0) {
    await context.writer.commit(change({ rows: [{ row: 'purged', user: author }] }))
    return false
  }
  const at = context.clock.now()
  await context.writer.commit(
    change({
      guards: messages.map(({ id, room }) => fresh({ if: 'message', message: id, room })),
      appends: messages.map(({ id, room, seq }) => ({
        topic: roomTopic(room),
        event: { e: 'message.deleted', by: author, at, id, of: seq, author },
      })),
    }),
  )
  return true
}

/** Goes on with the purges that a stop or a crash interrupted, of this node or another. */
export async function resumePurges(context: OperationContext): Promise<void> {
  for (const user of await context.store.purges())
    context.background(stopping => purge(context, user, stopping))
}
