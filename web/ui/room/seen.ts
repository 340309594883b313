import type { Seq } from '../../../contract/ids.ts'

/** Where a message stands, in px from the top of the list's window. */
export interface Placed {
  readonly seq: Seq
  readonly top: number
  readonly bottom: number
}

/**
 * What of these messages, oldest first, somebody sees in a window so high: `first` is the one at its top edge; `last` the last whose end is
 * seen, or more than half of it. Of a message that fills the window nothing counts before its end. `null` where there is none.
 */
export function seenIn(
  placed: readonly Placed[],
  height: number,
): { first: Seq; last: Seq; offset: number } | null {
  const shown = placed.filter(({ top, bottom }) => bottom > 0 && top < height)
  const [first] = shown
  if (!first) return null
  const last = shown.findLast(one => isSeen(one, height))
  return { first: first.seq, last: last?.seq ?? first.seq - 1, offset: first.top }
}

/** Half a pixel is what browsers round by. */
const isSeen = ({ top, bottom }: Placed, height: number): boolean =>
  bottom <= height + 0.5 || height - Math.max(0, top) > (bottom - top) / 2
