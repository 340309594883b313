import type { Message } from '../../../contract/entities.ts'
import type { MessageId } from '../../../contract/ids.ts'
import type { ListRow, Unsent } from '../model.ts'
import type { OutboxRow } from '../outbox/queued.ts'
import { appliedTo, isOf, messageOf } from '../outbox/queued.ts'
import type { MessageWindow } from './message-window.ts'

/** A row keeps its identity as long as its message does, and what is asked for of it. */
const rowOfMessage = new WeakMap<Message, ListRow>()
const rowOfCall = new WeakMap<OutboxRow, { readonly message: Message | null; readonly row: ListRow | null }>()

/**
 * Confirmed rows, each as it is when what is asked for is done, then those that are not confirmed (C1). What arrived is not shown as unsent as
 * well. What was refused stands with the message, or below all where that is not loaded.
 */
export function rowsOf(messageWindow: MessageWindow | null, calls: readonly OutboxRow[]): readonly ListRow[] {
  const callOf = new Map<MessageId | undefined, OutboxRow>(calls.map(call => [messageOf(call), call]))
  const rows: ListRow[] = []
  for (const message of messageWindow?.messages ?? []) {
    const call = callOf.get(message.id)
    callOf.delete(message.id)
    const row = call && !isOf(call, 'messages.post') ? rowOf(call, message) : confirmedRow(message)
    if (row) rows.push(row)
  }
  if (messageWindow?.after) return rows
  for (const call of callOf.values()) {
    const row = rowOf(call, null)
    if (row) rows.push(row)
  }
  return rows
}

function confirmedRow(message: Message): ListRow {
  const row = rowOfMessage.get(message) ?? { is: 'message', message }
  rowOfMessage.set(message, row)
  return row
}

/** `message`: the one that the call is about, where it is loaded. */
function rowOf(call: OutboxRow, message: Message | null): ListRow | null {
  const known = rowOfCall.get(call)
  if (known?.message === message) return known.row
  const row = message ? changedRow(call, message) : waitingRow(call)
  rowOfCall.set(call, { message, row })
  return row
}

function changedRow(call: OutboxRow, message: Message): ListRow {
  const { key, operation, failed: error } = call
  const change = { key, operation, error, confirmed: message }
  return { is: 'message', message: appliedTo(message, call), change }
}

function waitingRow(call: OutboxRow): ListRow | null {
  const { key, operation, failed: error, room, at } = call
  const id = messageOf(call)
  if (isOf(call, 'messages.post')) {
    const draft: Unsent = { ...call.input, at }
    return error ? { is: 'failed', key, operation, draft, error } : { is: 'pending', draft }
  }
  if (!error || !id) return null
  const text = isOf(call, 'messages.edit') ? call.input.text : ''
  return { is: 'failed', key, operation, draft: { id, room, text, at }, error }
}
