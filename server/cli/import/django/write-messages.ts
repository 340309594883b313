import { roomTopic } from '../../../../contract/ids.ts'
import type { Append, RowWrite } from '../../../core/log/change.ts'
import { change } from '../../../core/log/write.ts'
import { messageIdOf, messageKey } from './identity.ts'
import type { ImportCounts, Means } from './means.ts'
import type { Notices } from './notices.ts'
import type { Plan } from './plan.ts'
import { authorAt } from './plan.ts'
import type { PlannedRoom } from './rooms.ts'
import type { Text } from './texts.ts'

const messagesAtOnce = 4_000

/** Writes a room's messages, at these positions of the rows, in this order, but for those that came with an earlier run. */
export async function writeMessages(
  plan: Plan,
  room: PlannedRoom,
  positions: Uint32Array,
  means: Means,
  written: ImportCounts,
): Promise<void> {
  // While one batch is committed the next is read. They are committed one after the other: that is their order in the log.
  let committed = Promise.resolve()
  for (let at = 0; at < positions.length; at += messagesAtOnce) {
    const batch = positions.subarray(at, at + messagesAtOnce)
    const posted = await read(plan, room, batch, means)
    await committed
    if (posted.appends.length > 0) committed = means.target.commit(change(posted))
    committed.catch(() => {})
    written.messages += posted.appends.length
    written.messagesHere += batch.length - posted.appends.length
    means.progress(written.messages + written.messagesHere)
  }
  await committed
}

interface Posted {
  readonly appends: Append[]
  readonly rows: RowWrite[]
}

async function read(
  plan: Plan,
  room: PlannedRoom,
  positions: Uint32Array,
  { target, textOf }: Means,
): Promise<Posted> {
  const messages = Array.from(positions, position => {
    const row = plan.messages.ids[position] ?? 0
    const { dated, text } = textOf(row)
    return { position, row, text, key: messageKey(row, dated) }
  })
  const keys = messages.map(({ key }) => key)
  const here = await target.imported(plan.identity, keys)
  const posted: Posted = { appends: [], rows: [] }
  for (const { position, row, text, key } of messages) {
    if (here.has(key)) continue
    const at = plan.timeline.at(position)
    const id = messageIdOf(plan.identity, key, at)
    const stamp = { by: authorAt(plan, position).user.id, at }
    posted.appends.push({
      topic: roomTopic(room.id),
      event: { e: 'message.posted', ...stamp, id, text: text.text, plain: true },
    })
    posted.rows.push({ row: 'imported', source: plan.identity, key, id })
    tell(plan.notices, row, room, text)
  }
  return posted
}

function tell(notices: Notices, row: number, room: PlannedRoom, text: Text): void {
  if (text.repaired) notices.tell('repaired', `Message ${row} in ${room.name}.`)
  if (text.cut)
    notices.tell(
      'cut',
      `Message ${row} in ${room.name}: of ${text.bytes.toLocaleString('en')} bytes, ${Buffer.byteLength(text.text).toLocaleString('en')} come.`,
    )
}
