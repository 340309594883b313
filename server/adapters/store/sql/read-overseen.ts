import type { MessageId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { MessagePlace, Overseen } from '../../../core/ports/history.ts'
import type { Store } from '../../../core/ports.ts'
import type { MessageRow } from './columns.ts'
import { messageColumns, messageOfRow } from './columns.ts'
import { isThere } from './read-messages.ts'
import type { Reading } from './reading.ts'
import { all, one, together } from './reading.ts'

/* What administrators look through: messages of all rooms but direct ones, in the order of their time. */

/** Rows looked at in one go: a millisecond or two of SQLite's event loop. */
const stride = 2_000
/** Strides that one answer looks through: where somebody wrote little and long ago, the caller asks on. */
const strides = 10

/** What a stride found, and where it ends, if there is more after it. */
interface Look {
  readonly rows: readonly MessageRow[]
  readonly end: MessagePlace | undefined
}

const everywhere = 'FROM messages WHERE (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT'
const inRoom = 'FROM messages WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT'
const seen = `messages.author = coalesce(?, messages.author) AND ${isThere}
  AND EXISTS (SELECT 1 FROM rooms WHERE rooms.id = messages.room AND rooms.kind <> 'direct')`

/** To be read in one snapshot, so that nothing falls between what was looked at and where it ends. */
export function* lookOverseen({ room, author, before, limit }: Overseen): Reading<Look> {
  const from = before ?? newest
  const [rows, order, at] =
    room === null
      ? ([everywhere, 'messages.at DESC, messages.id DESC', [from.at, from.id]] as const)
      : ([inRoom, 'messages.seq DESC', [room, from.seq]] as const)
  const [found, end] = yield* together(
    all<MessageRow>(
      `SELECT ${messageColumns} FROM (SELECT * ${rows} ${stride}) AS messages WHERE ${seen} ORDER BY ${order} LIMIT ?`,
      ...at,
      author,
      limit + 1,
    ),
    one<MessagePlace>(`SELECT at, seq, id ${rows} 1 OFFSET ${stride - 1}`, ...at),
  )
  return { rows: found, end }
}

const newest: MessagePlace = {
  at: Number.MAX_SAFE_INTEGER,
  seq: Number.MAX_SAFE_INTEGER,
  id: 'g' as MessageId,
}

export function messagesOverseen(look: (which: Overseen) => Promise<Look>): Store['messagesOverseen'] {
  return async which => {
    const found: MessageRow[] = []
    let { before } = which
    for (let left = strides; left > 0; left--) {
      const { rows, end } = await look({ ...which, before })
      found.push(...rows)
      const many = within(found, which.limit)
      if (many < found.length) return pageOf(found.slice(0, many))
      if (!end) return { messages: found.map(messageOfRow), next: null }
      before = end
      if (found.length === which.limit) break
      await new Promise(setImmediate)
    }
    return { messages: found.map(messageOfRow), next: before }
  }
}

/** How many of these make a page: no more than the limit, nor more than the bytes that a page of a history has; one at least. */
function within(rows: readonly MessageRow[], limit: number): number {
  let bytes = 0
  const over = rows.findIndex(({ text }, at) => {
    bytes += Buffer.byteLength(text)
    return at === limit || (at > 0 && bytes > limits.historyBytes)
  })
  return over < 0 ? rows.length : over
}

function pageOf(rows: readonly MessageRow[]): Awaited<ReturnType<Store['messagesOverseen']>> {
  const last = rows.at(-1)
  return { messages: rows.map(messageOfRow), next: last ? { at: last.at, seq: last.seq, id: last.id } : null }
}
