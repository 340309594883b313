import type { MessageId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import type { Append, RowWrite } from '../../../core/change.ts'
import { change } from '../../../core/write.ts'
import { idOf, messageKey } from './identity.ts'
import type { Means, Written } from './means.ts'
import type { Notices } from './notices.ts'
import type { Plan } from './plan.ts'
import { authorAt } from './plan.ts'
import type { PlannedRoom } from './rooms.ts'
import type { Text } from './texts.ts'

const messagesAtOnce = 500

/** Writes a room's messages, at these positions of the rows, in this order, but for those that came with an earlier run. */
export async function writeMessages(
  plan: Plan,
  room: PlannedRoom,
  positions: Uint32Array,
  means: Means,
  written: Written,
): Promise<void> {
  for (let at = 0; at < positions.length; at += messagesAtOnce) {
    await writeBatch(plan, room, positions.subarray(at, at + messagesAtOnce), means, written)
    means.progress(written.messages + written.messagesHere)
  }
}

async function writeBatch(
  plan: Plan,
  room: PlannedRoom,
  positions: Uint32Array,
  { target, textOf }: Means,
  written: Written,
): Promise<void> {
  const read = Array.from(positions, position => {
    const row = plan.messages.ids[position] ?? 0
    const { dated, text } = textOf(row)
    return { position, row, text, key: messageKey(row, dated) }
  })
  const here = await target.imported(
    plan.identity,
    read.map(({ key }) => key),
  )
  const appends: Append[] = []
  const rows: RowWrite[] = []
  for (const { position, row, text, key } of read) {
    if (here.has(key)) continue
    const id = idOf<MessageId>(plan.identity, key)
    const stamp = { by: authorAt(plan, position).user.id, at: plan.timeline.at(position) }
    appends.push({
      topic: roomTopic(room.id),
      event: { e: 'message.posted', ...stamp, id, text: text.text },
    })
    rows.push({ row: 'imported', source: plan.identity, key, id })
    tell(plan.notices, row, room, text)
  }
  written.messagesHere += read.length - appends.length
  written.messages += appends.length
  if (appends.length > 0) await target.commit(change({ appends, rows }))
}

function tell(notices: Notices, row: number, room: PlannedRoom, text: Text): void {
  if (text.repaired) notices.tell('repaired', `Message ${row} in ${room.name}.`)
  if (text.cut)
    notices.tell(
      'cut',
      `Message ${row} in ${room.name}: of ${text.bytes.toLocaleString('en')} bytes, ${Buffer.byteLength(text.text).toLocaleString('en')} come.`,
    )
}
