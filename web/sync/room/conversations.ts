import type { MessageId, RoomId, Seq, Topic } from '../../../contract/ids.ts'
import type { EventBatch } from '../replica/effects.ts'
import { effectOf } from '../replica/effects.ts'
import { roomOf } from '../replica/state.ts'
import type { SyncContext } from '../sync-context.ts'
import { Conversation } from './conversation.ts'
import type { MessageWindow } from './message-window.ts'

/** So many rooms that nobody has open stay in memory, so that going back to one shows it at once. */
const closedRooms = 20

/** The conversations in memory: those that are open, and the last few that were. */
export class Conversations {
  readonly #rooms = new Map<RoomId, Conversation>()
  readonly #context: SyncContext

  constructor(context: SyncContext) {
    this.#context = context
  }

  enter(room: RoomId, at?: MessageId): Conversation {
    const conversation = this.#rooms.get(room) ?? new Conversation(room, this.#context)
    this.#rooms.set(room, conversation)
    conversation.enter(at)
    return conversation
  }

  leave(conversation: Conversation): void {
    conversation.leave()
    if (conversation.holders > 0) return
    // Last left, last forgotten.
    this.#rooms.delete(conversation.room)
    this.#rooms.set(conversation.room, conversation)
    const closed = [...this.#rooms.values()].filter(other => other.holders === 0)
    for (const other of closed.slice(0, -closedRooms)) this.#rooms.delete(other.room)
  }

  received(batch: EventBatch): void {
    if (batch.topic.startsWith('room:')) this.#rooms.get(roomOf(batch.topic))?.received(batch)
    for (const event of batch.events) {
      const unlisted = effectOf(event).unlisted?.(event)
      if (unlisted) this.#unlisted(unlisted)
    }
  }

  restarted(topic: Topic, head: Seq, known: boolean): void {
    this.#rooms.get(roomOf(topic))?.restarted(head, known)
  }

  gone(topic: Topic): void {
    this.#rooms.get(roomOf(topic))?.gone()
  }

  online(): void {
    for (const conversation of this.#rooms.values()) conversation.online()
  }

  redraw(room: RoomId): void {
    this.#rooms.get(room)?.redraw()
  }

  /** The windows that changed since they were last asked for. */
  toSave(): { room: RoomId; messageWindow: MessageWindow }[] {
    return [...this.#rooms.values()].flatMap(conversation => {
      const messageWindow = conversation.toSave()
      return messageWindow ? [{ room: conversation.room, messageWindow }] : []
    })
  }

  /** A public room is not one any more: who is not in it sees it no longer. */
  #unlisted(room: RoomId): void {
    const conversation = this.#rooms.get(room)
    if (conversation && !conversation.isServed) conversation.gone()
  }
}
