import type { Message } from '../../contract/entities.ts'
import type { Row } from './model.ts'
import type { Run } from './run.ts'
import type { OutboxRow } from './storage.ts'

/** A row keeps its identity as long as its message does. */
const rowOfMessage = new WeakMap<Message, Row>()

function rowOf(message: Message): Row {
  const known = rowOfMessage.get(message)
  if (known) return known
  const row: Row = { is: 'message', message }
  rowOfMessage.set(message, row)
  return row
}

/** Confirmed rows, then those that are not (C1). What arrived is not shown as unsent as well. */
export function rowsOf(
  run: Run | null,
  unsent: readonly Pick<OutboxRow, 'draft' | 'failed'>[],
): readonly Row[] {
  const messages = run?.messages ?? []
  const waiting = unsent.filter(({ draft }) => !messages.some(message => message.id === draft.id))
  return [
    ...messages.map(rowOf),
    ...waiting.map(
      ({ draft, failed }): Row =>
        failed ? { is: 'failed', draft, error: failed } : { is: 'pending', draft },
    ),
  ]
}
