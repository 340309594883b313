import type { Seq } from '../../../contract/ids.ts'

/**
 * Where the divider "new" stands in a room: at the first message that is unread when it is opened, and stays there while one reads on. Once
 * everything is read, it goes to the next message that comes and is not seen at once.
 */
export class UnreadDivider {
  #after: Seq | null | undefined
  #isAllRead = false

  /** The seq after which it stands; `null` where there is none. */
  get after(): Seq | null {
    return this.#after ?? null
  }

  /** The room is opened. */
  open(marker: { read: Seq; unread: number } | null): void {
    this.#after = undefined
    this.#isAllRead = false
    this.know(marker)
  }

  /** One's marker may be known by now. */
  know(marker: { read: Seq; unread: number } | null): void {
    if (marker && this.#after === undefined) this.#after = marker.unread > 0 ? marker.read : null
  }

  /** Somebody looked: after that so many messages are unread, from `unreadFrom` on, where that is loaded. Whether the divider stands elsewhere now. */
  looked(unreadFrom: Seq | null, unread: number): boolean {
    const moves = unreadFrom !== null && this.#isAllRead
    this.#isAllRead = unreadFrom === null && unread === 0
    if (moves) this.#after = unreadFrom - 1
    return moves
  }

  /** One said oneself where. */
  put(after: Seq): void {
    this.#after = after
    this.#isAllRead = false
  }
}
