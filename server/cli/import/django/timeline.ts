import type { MessageRows } from './rows.ts'

/** The messages in the order in which they are written: room after room, each room's by date and, of one date, by id. */
export interface Timeline {
  /** Positions in the message rows. */
  readonly order: Uint32Array
  /** Where each room's messages begin and end in `order`, by the room's place in the plan. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[]
  /** Unix ms of the message at a position in the rows. */
  readonly at: (position: number) => number
  /** How many had no readable date, by position in the rows. */
  readonly undated: readonly number[]
}

/**
 * Orders the messages. `roomOf` tells a message's room by the place of the text it is called by. A message without a readable date gets
 * that of the one before it by id, or of the next that has one; where none has, `now` (Unix ms).
 */
export function orderMessages(
  rows: MessageRows,
  roomOf: readonly number[],
  rooms: number,
  now: number,
): Timeline {
  const undated: number[] = []
  const micros = Float64Array.from(rows.dates)
  let before = micros.find(date => !Number.isNaN(date)) ?? now * 1000
  for (const [position, date] of micros.entries()) {
    if (Number.isNaN(date)) {
      undated.push(position)
      micros[position] = before
    } else before = date
  }
  const of = (position: number): number => roomOf[rows.room[position] ?? 0] ?? 0
  const order = Uint32Array.from(rows.ids.keys())
  order.sort((a, b) => of(a) - of(b) || (micros[a] ?? 0) - (micros[b] ?? 0) || a - b)
  const counts = new Array<number>(rooms).fill(0)
  for (const position of order) counts[of(position)] = (counts[of(position)] ?? 0) + 1
  let to = 0
  const ranges = counts.map(count => {
    to += count
    return { from: to - count, to }
  })
  return { order, ranges, at: position => Math.floor((micros[position] ?? 0) / 1000), undated }
}
