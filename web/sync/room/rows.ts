import type { Message } from '../../../contract/entities.ts'
import type { ListRow } from '../model.ts'
import type { OutboxRow } from '../storage/storage.ts'
import type { MessageWindow } from './message-window.ts'

/** A row keeps its identity as long as its message does. */
const rowOfMessage = new WeakMap<Message, ListRow>()

function rowOf(message: Message): ListRow {
  const known = rowOfMessage.get(message)
  if (known) return known
  const row: ListRow = { is: 'message', message }
  rowOfMessage.set(message, row)
  return row
}

/** Confirmed rows, then those that are not (C1). What arrived is not shown as unsent as well. */
export function rowsOf(
  messageWindow: MessageWindow | null,
  unsent: readonly Pick<OutboxRow, 'draft' | 'failed'>[],
): readonly ListRow[] {
  const messages = messageWindow?.messages ?? []
  const waiting = unsent.filter(({ draft }) => !messages.some(message => message.id === draft.id))
  return [
    ...messages.map(rowOf),
    ...waiting.map(
      ({ draft, failed }): ListRow =>
        failed ? { is: 'failed', draft, error: failed } : { is: 'pending', draft },
    ),
  ]
}
