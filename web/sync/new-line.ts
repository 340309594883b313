import type { Seq } from '../../contract/ids.ts'

/** Where the line "new" stands in a room: fixed when the room is opened, or as soon as one's marker is known after that. */
export class NewLine {
  #after: Seq | null | undefined

  /** The seq after which it stands; `null` where there is none. */
  get after(): Seq | null {
    return this.#after ?? null
  }

  /** The room is opened. */
  reset(): void {
    this.#after = undefined
  }

  know(marker: { read: Seq; unread: number } | null): void {
    if (marker && this.#after === undefined) this.#after = marker.unread > 0 ? marker.read : null
  }

  /** One said oneself where. */
  put(after: Seq): void {
    this.#after = after
  }
}
