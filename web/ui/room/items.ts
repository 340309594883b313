import type { Seq, UserId } from '../../../contract/ids.ts'
import type { ConversationSnapshot, ListRow } from '../../sync/model.ts'
import { dayOf } from '../time/format.ts'

/** Messages of one author within this time of each other stand under one name, in ms. */
export const groupMs = 5 * 60_000

/** One line of the message list, from top to bottom. `key` stays the same for as long as what it stands for does. `nth`: of the rows, from 1. */
export type Item =
  /** `empty`: nothing was said in the room, as far as the conversation is loaded. A room that one is not in tells of no last message. */
  | { is: 'beginning'; key: string; empty: boolean }
  | { is: 'day'; key: string; at: number }
  | { is: 'new'; key: string }
  | { is: 'row'; key: string; row: ListRow; author: UserId; lead: boolean; nth: number }

/**
 * The conversation as lines: a day above its first message, "new" above the first message after the marker that is not mine, and
 * rows grouped by author. The first row shown gets no day while older ones are to come: a line that could vanish when they do
 * would move what is being read.
 */
export function layItems(conversation: ConversationSnapshot, me: UserId): readonly Item[] {
  const { rows, before, newAfter } = conversation
  const items: Item[] = before
    ? []
    : [{ is: 'beginning', key: 'beginning', empty: rows.length === 0 && !conversation.after }]
  let above: { author: UserId; at: number } | null = null
  let marked = newAfter === null
  for (const [n, row] of rows.entries()) {
    const author = row.is === 'message' ? row.message.author : me
    const at = row.is === 'message' ? row.message.at : row.draft.at
    const key = row.is === 'message' ? row.message.id : row.draft.id
    const newDay: boolean = above ? dayOf(above.at) !== dayOf(at) : !before
    if (newDay) items.push({ is: 'day', key: `day ${dayOf(at)} ${above ? key : ''}`, at })
    // Without what comes before it, nobody knows whether this is the first that is new.
    const known = above !== null || !before
    const firstNew = !marked && known && isAfter(row, newAfter ?? 0, me)
    if (!known && isAfter(row, newAfter ?? 0, me)) marked = true
    if (firstNew) {
      items.push({ is: 'new', key: 'new' })
      marked = true
    }
    const lead: boolean =
      newDay || firstNew || !above || above.author !== author || at - above.at > groupMs || quotes(row)
    items.push({ is: 'row', key, row, author, lead, nth: n + 1 })
    above = { author, at }
  }
  return items
}

const isAfter = (row: ListRow, marker: Seq, me: UserId) =>
  row.is === 'message' && row.message.seq > marker && row.message.author !== me

/** A reply stands under its author's name, so that the quote above it is seen to be theirs. */
const quotes = (row: ListRow) => (row.is === 'message' ? row.message.quote : row.draft.quote) !== undefined

/** The newest row of mine that can be edited; `null` where there is none. */
export function lastOwn(rows: readonly ListRow[], me: UserId): ListRow | null {
  return (
    rows.findLast(row => row.is === 'failed' || (row.is === 'message' && row.message.author === me)) ?? null
  )
}

/** The seq of a line's message; `null` where it is none, or is not sent. */
export const seqOf = (item: Item): Seq | null =>
  item.is === 'row' && item.row.is === 'message' ? item.row.message.seq : null

/** The line of the first message after a seq that is not mine; -1 where there is none. */
export const firstAfter = (items: readonly Item[], seq: Seq, me: UserId): number =>
  items.findIndex(item => item.is === 'row' && isAfter(item.row, seq, me))

/** The seq of the newest message among the lines; 0 where there is none. */
export function newestOf(items: readonly Item[]): Seq {
  const last = items.findLast(item => seqOf(item) !== null)
  return (last && seqOf(last)) ?? 0
}
