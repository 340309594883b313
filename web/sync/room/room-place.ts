import type { MessageId, RoomId, Seq } from '../../../contract/ids.ts'
import { roomTopic } from '../../../contract/ids.ts'
import type { ConversationSnapshot, Opening, ReadingPosition } from '../model.ts'
import type { SyncContext } from '../sync-context.ts'
import type { MessageWindow } from './message-window.ts'
import type { PageQuery } from './page.ts'
import { openingOf, pageFor } from './reading.ts'
import { UnreadDivider } from './unread-divider.ts'

/**
 * Where one is in a room that stands open, and where the divider "new" stands there. What a page starts from may be of yesterday: until everything
 * that was said since is received, it is decided anew where the room opens, so that what is unread is not passed by.
 */
export class RoomPlace {
  readonly #room: RoomId
  readonly #context: SyncContext
  readonly #unreadDivider = new UnreadDivider()
  #opening: Opening = { is: 'end' }
  #at: MessageId | undefined
  #isDecided = false
  #isLoaded = false
  /** How often one went elsewhere. */
  #goings = 0

  constructor(room: RoomId, context: SyncContext) {
    this.#room = room
    this.#context = context
  }

  /** Whether it is known where the room opens, and what is there is loaded. */
  get isSettled(): boolean {
    return this.#isDecided && this.#isLoaded
  }

  get shown(): Pick<ConversationSnapshot, 'opening' | 'newAfter'> {
    return { opening: this.#opening, newAfter: this.#unreadDivider.after }
  }

  /** The page where one is, or is to be: what is read anew is read there. */
  get page(): PageQuery {
    if (!this.isSettled) return pageFor(this.#opening, null, this.#context.me) ?? {}
    const position = this.#position
    if (position) return { aroundSeq: position.seq }
    const read = this.#marker?.read ?? Number.POSITIVE_INFINITY
    return read < (this.#context.replica.cursorOf(this.#room) ?? 0) ? { aroundSeq: read + 1 } : {}
  }

  /** The room is opened, at a message or wherever it is to. */
  open(at?: MessageId): void {
    this.#at = at
    this.#isLoaded = false
    this.#opening = this.#wanted
    this.#unreadDivider.open(this.#marker)
    this.#isDecided = this.#isCurrent
    // Until somebody looks one is where the room opens.
    if (this.#opening.is !== 'position') this.#context.positions.set(this.#room, null)
  }

  /** More is known. Whether the room opens elsewhere than was thought. */
  decide(): boolean {
    if (this.#isDecided) return false
    this.#isDecided = this.#isCurrent
    const to = this.#wanted
    if (JSON.stringify(to) === JSON.stringify(this.#opening)) return false
    this.#opening = to
    this.#isLoaded = false
    this.#unreadDivider.open(this.#marker)
    return true
  }

  /** The marker may be known now. */
  know(): void {
    this.#unreadDivider.know(this.#marker)
  }

  /** This page was read, or nothing; so much is loaded. Which page is to be read yet, if any. */
  loaded(messageWindow: MessageWindow | null, page?: PageQuery): PageQuery | null {
    if (this.#isLoaded) return null
    const wanted = pageFor(this.#opening, messageWindow, this.#context.me)
    this.#isLoaded = wanted === null || JSON.stringify(page) === JSON.stringify(wanted)
    return this.#isLoaded ? null : wanted
  }

  /** One goes elsewhere: where the room was to open is of no matter any more. Tells whether one went nowhere else since. */
  settle(): () => boolean {
    this.#isDecided = true
    this.#isLoaded = true
    const going = ++this.#goings
    return () => going === this.#goings
  }

  leftAt(position: ReadingPosition | null): void {
    this.#isDecided = true
    this.#isLoaded = true
    this.#context.positions.set(this.#room, position)
  }

  /** After a look, messages from `unreadFrom` on are unread, of those that are drawn, up to `newest`. Whether the divider "new" stands elsewhere. */
  looked(unreadFrom: Seq | null, newest: Seq, messageWindow: MessageWindow | null): boolean {
    // What is not drawn yet may be seen in the next moment.
    const isDrawn = unreadFrom === null || unreadFrom <= newest || messageWindow?.after === true
    return isDrawn && this.#unreadDivider.looked(unreadFrom, this.#marker?.unread ?? 0)
  }

  setNewAfter(seq: Seq): void {
    this.#unreadDivider.put(seq)
  }

  get #wanted(): Opening {
    return openingOf({ at: this.#at, marker: this.#marker, position: this.#position })
  }

  get #marker() {
    return this.#context.markers.of(this.#room)
  }

  get #position() {
    return this.#context.positions.get(this.#room)
  }

  /** Whether everything is received that was said in the room before the connection came up. */
  get #isCurrent(): boolean {
    const { socket, replica } = this.#context
    return socket.isOnline && replica.isCurrent(roomTopic(this.#room))
  }
}
