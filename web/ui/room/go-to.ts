import type { UserId } from '../../../contract/ids.ts'
import type { ConversationSnapshot, Opening } from '../../sync/model.ts'
import type { Item } from './items.ts'
import { firstAfter, seqOf } from './items.ts'
import type { List } from './useMessageVirtualizer.ts'

/** So many frames are given to a list to measure its lines. */
const settleFrames = 20

/** The line that a list goes to; -1 where it is not loaded, or there is none. */
export function indexOf(items: readonly Item[], to: Opening, me: UserId): number {
  switch (to.is) {
    case 'end':
      return items.length - 1
    case 'message':
      return items.findIndex(item => item.key === to.id)
    case 'position':
      return items.findIndex(item => (seqOf(item) ?? 0) >= to.position.seq)
    case 'unread': {
      const row = firstAfter(items, to.after, me)
      return items[row - 1]?.is === 'new' ? row - 1 : row
    }
  }
}

/** Whether what a list is to go to is loaded. */
export function isThere(of: ConversationSnapshot, to: Opening, index: number): boolean {
  if (to.is === 'end') return !of.after
  const [first] = of.rows
  const begins = first?.is === 'message' ? first.message.seq : 0
  return index >= 0 && (to.is !== 'unread' || !of.before || begins <= to.after)
}

/** Shows the line at its place in the window; the end, where there is no line. `isWanted`: nobody has gone elsewhere since. */
export function goTo(list: List, to: Opening, index: number, isWanted: () => boolean): void {
  if (index < 0 || to.is === 'end') list.scrollToEnd()
  else if (to.is === 'position') placeAt(list, index, to.position.offset, isWanted)
  else list.scrollToIndex(index, { align: to.is === 'message' ? 'center' : 'start' })
}

/** Puts the top of a line so many px below that of the window: by what is guessed of the lines, and again while they are measured. */
function placeAt(list: List, index: number, offset: number, isWanted: () => boolean): void {
  list.scrollToIndex(index, { align: 'start' })
  const key = list.options.getItemKey(index)
  let frames = settleFrames
  const adjust = () => {
    const { scrollElement } = list
    if (!scrollElement || !isWanted() || frames-- === 0) return
    const line = list.elementsCache.get(key)
    const off = line
      ? line.getBoundingClientRect().top - scrollElement.getBoundingClientRect().top - offset
      : 0
    if (Math.abs(off) >= 1) list.scrollBy(off)
    requestAnimationFrame(adjust)
  }
  requestAnimationFrame(adjust)
}
