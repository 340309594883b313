import type { ServerFrame } from '../../../contract/frames.ts'
import type { Seq, Topic } from '../../../contract/ids.ts'
import type { EventBatch } from './effects.ts'

/** One cursor in each topic: the last seq that was received of it. */
export class Topics {
  readonly #cursors: Map<Topic, Seq>

  constructor(cursors: ReadonlyMap<Topic, Seq>) {
    this.#cursors = new Map(cursors)
  }

  get cursors(): ReadonlyMap<Topic, Seq> {
    return this.#cursors
  }

  /** The events of a frame that were not received yet; `gap` where some before them are missing: then the connection is to be asked anew. */
  accept(frame: Extract<ServerFrame, { t: 'events' }>): EventBatch | 'gap' | null {
    const cursor = this.#cursors.get(frame.topic) ?? 0
    const last = frame.seq + frame.events.length - 1
    if (frame.seq > cursor + 1) return 'gap'
    if (last <= cursor) return null
    this.#cursors.set(frame.topic, last)
    return { topic: frame.topic, first: cursor + 1, events: frame.events.slice(cursor + 1 - frame.seq) }
  }

  /** The topic begins anew: the next event that is received of it is `head + 1`. */
  restart(topic: Topic, head: Seq): void {
    this.#cursors.set(topic, head)
  }

  /** A snapshot at this seq was read. Where nothing was received of the topic yet, the stream is to begin after it. Answers whether that is so. */
  read(topic: Topic, at: Seq): boolean {
    if (this.#cursors.has(topic)) return false
    this.#cursors.set(topic, at)
    return true
  }

  gone(topic: Topic): void {
    this.#cursors.delete(topic)
  }
}
