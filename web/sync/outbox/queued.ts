import type { Message } from '../../../contract/entities.ts'
import type { WireError } from '../../../contract/frames.ts'
import type { MessageId, RoomId, Seq } from '../../../contract/ids.ts'
import type { Output, Parsed } from '../../../contract/operations.ts'

/** What can be done without a connection: each is safe to repeat, since the server knows it by its input. */
export type QueuedOperation =
  | 'messages.post'
  | 'messages.edit'
  | 'messages.remove'
  | 'reads.move'
  | 'reads.back'

/** A call that is to be made of the server. */
export interface QueuedCall<Op extends QueuedOperation = QueuedOperation> {
  readonly operation: Op
  readonly input: Parsed<Op>
  readonly room: RoomId
  /** When it was asked for, ms since the epoch. */
  readonly at: number
  /** Of a marker: from where it was moved, and past how many unread messages, where that is known. */
  readonly passed?: { readonly from: Seq; readonly count: number | null }
}

/** A call that waits in the outbox. `order` grows with each row of its user; `failed` is a final refusal. */
export interface OutboxRow<Op extends QueuedOperation = QueuedOperation> extends QueuedCall<Op> {
  /** Of its operation and what it is about: a user has one row of a key. */
  readonly key: string
  readonly order: number
  readonly failed: WireError | null
}

/** Rows were added, marked or dropped; `acked`: this one for having been taken by the server, at this seq. */
export interface OutboxNotice {
  readonly room: RoomId
  readonly acked?: AckedRow
}

/** A row that the server has taken, at this seq of the room's log. */
export interface AckedRow {
  readonly row: OutboxRow
  readonly seq: Seq
}

/** Rows of one queue and room are sent in their order, each after the last one's answer. */
export type Queue = 'messages' | 'markers'

/** What is known of the server's state, from an event or a page of the history. */
export type Fact =
  | { readonly is: 'message'; readonly id: MessageId; readonly rev: number; readonly text: string }
  | { readonly is: 'deleted'; readonly id: MessageId }
  | { readonly is: 'read'; readonly room: RoomId; readonly seq: Seq }

interface Definition<Op extends QueuedOperation> {
  readonly queue: Queue
  /** What the input has at least, by type. */
  readonly form: { readonly [Field in keyof Parsed<Op>]?: 'string' | 'number' }
  /** The message that it makes or changes. */
  message?(input: Parsed<Op>): MessageId
  /** How that message is shown until it is done. */
  apply?(message: Message, call: QueuedCall<Op>): Message
  key(input: Parsed<Op>): string
  /** The keys of rows that have no purpose after this one. */
  replaces?(input: Parsed<Op>): readonly string[]
  /** The input when the same is asked for again before it was answered. */
  merge?(earlier: Parsed<Op>, later: Parsed<Op>): Parsed<Op>
  /** The input of what was asked for while an earlier input was on its way, when that has made the message this revision. */
  rebase?(input: Parsed<Op>, rev: number): Parsed<Op>
  /** Whether the server has done it, by what is known of its state. */
  isConfirmedBy(input: Parsed<Op>, fact: Fact): boolean
  /** Whether a final refusal leaves nothing to be told. */
  isDoneBy?(error: WireError): boolean
}

/** All that differs between operations in the outbox. Another one that is to work without a connection gets its entry here. */
const definitions: { readonly [Op in QueuedOperation]: Definition<Op> } = {
  'messages.post': {
    queue: 'messages',
    form: { id: 'string', room: 'string', text: 'string' },
    message: ({ id }) => id,
    key: ({ id }) => id,
    merge: earlier => earlier,
    isConfirmedBy: ({ id }, fact) => fact.is !== 'read' && fact.id === id,
  },
  'messages.edit': {
    queue: 'messages',
    form: { id: 'string', text: 'string', was: 'number' },
    message: ({ id }) => id,
    // What was overtaken keeps the revision that it began with: so does a further edit of it, and its author is asked.
    apply: ({ plain: _, ...message }, { input: { text, was }, at }) => ({
      ...message,
      text,
      rev: message.rev > was && message.text !== text ? was : was + 1,
      editedAt: at,
    }),
    key: ({ id }) => `edit ${id}`,
    merge: ({ was }, later) => ({ ...later, was }),
    rebase: (input, rev) => ({ ...input, was: rev }),
    isConfirmedBy: ({ id, was, text }, fact) =>
      fact.is === 'message' && fact.id === id && fact.rev > was && fact.text === text,
  },
  'messages.remove': {
    queue: 'messages',
    form: { id: 'string' },
    message: ({ id }) => id,
    apply: message => message,
    key: ({ id }) => `remove ${id}`,
    replaces: ({ id }) => [`edit ${id}`],
    isConfirmedBy: ({ id }, fact) => fact.is === 'deleted' && fact.id === id,
  },
  'reads.move': {
    queue: 'markers',
    form: { id: 'string', seq: 'number' },
    key: ({ id }) => `read ${id}`,
    merge: (earlier, later) => (later.seq > earlier.seq ? later : earlier),
    isConfirmedBy: ({ id, seq }, fact) => fact.is === 'read' && fact.room === id && fact.seq >= seq,
    isDoneBy: () => true,
  },
  'reads.back': {
    queue: 'markers',
    form: { id: 'string', seq: 'number' },
    key: ({ id }) => `read ${id}`,
    // The marker may have stood there before, and gone on since.
    isConfirmedBy: () => false,
    isDoneBy: () => true,
  },
}

const of = <Op extends QueuedOperation>({ operation }: QueuedCall<Op>): Definition<Op> =>
  definitions[operation]

/** Whether a row that is stored can be read: another version of the page, or damage, may have left any other. */
export function isReadable({ operation, room, input }: QueuedCall): boolean {
  if (!Object.hasOwn(definitions, operation) || typeof room !== 'string') return false
  const fields = input as Readonly<Record<string, unknown>> | null | undefined
  return Object.entries(definitions[operation].form).every(([field, type]) => typeof fields?.[field] === type)
}
export const queueOf = (call: QueuedCall): Queue => of(call).queue
export const messageOf = (call: QueuedCall): MessageId | undefined => of(call).message?.(call.input)
export const appliedTo = (message: Message, call: QueuedCall): Message =>
  of(call).apply?.(message, call) ?? message
export const rowKeyOf = (call: QueuedCall): string => of(call).key(call.input)
export const replacedBy = (call: QueuedCall): readonly string[] => of(call).replaces?.(call.input) ?? []
export const isConfirmedBy = (row: OutboxRow, fact: Fact): boolean => of(row).isConfirmedBy(row.input, fact)
export const isDoneBy = (row: OutboxRow, error: WireError): boolean => of(row).isDoneBy?.(error) ?? false

export const isOf = <Op extends QueuedOperation, Call extends QueuedCall>(
  call: Call,
  operation: Op,
): call is Call & QueuedCall<Op> => call.operation === operation

/** The row that there is of this key, when `call` is asked for too. It is to be sent again; what was refused has left nothing to merge with. */
export function merged(row: OutboxRow, call: QueuedCall): OutboxRow {
  const isNew = row.failed !== null || row.operation !== call.operation || !isReadable(row)
  const input = isNew ? call.input : (of(call).merge?.(row.input, call.input) ?? call.input)
  return input === row.input ? { ...row, failed: null } : { ...row, ...call, input, failed: null }
}

/** What is left of a row when the server has done `sent`: nothing, or what was asked for since. */
export function rest(row: OutboxRow, sent: OutboxRow, answer: Output<QueuedOperation>): OutboxRow | null {
  if (isSame(row, sent)) return null
  return 'message' in answer ? rebased(row, answer.message.rev) : row
}

/** The row after an earlier input of it has made its message this revision: it was not overtaken by anybody else. */
export function rebased(row: OutboxRow, rev: number): OutboxRow {
  const input = of(row).rebase?.(row.input, rev) ?? row.input
  return { ...row, input, failed: row.failed?.code === 'changed' ? null : row.failed }
}

/** Whether nothing else was asked for since. */
export const isSame = (one: QueuedCall, other: QueuedCall): boolean =>
  one.operation === other.operation && JSON.stringify(one.input) === JSON.stringify(other.input)
