import type { Seq, Topic } from '../../../contract/ids.ts'
import type { CallResult } from '../model.ts'
import type { EventBatch } from './effects.ts'

/** How often a read is asked again that came back older than what was received, before it counts as not answered. */
const tries = 5

/** What was received while a read was on its way. */
export interface Meanwhile {
  /** What came after the answer's seqs, of the topics that it is a snapshot of: folded over it, it is as new as the stream (F8). */
  readonly later: readonly EventBatch[]
  /** Everything, of all topics. */
  readonly all: readonly EventBatch[]
}

/**
 * Reads merged with the stream. While a read is on its way the events of its topics are kept, and those after the answer's seq are
 * handed out with it. An answer that is older than what was received when it was asked for is asked for again.
 */
export class MergedReads {
  readonly #open = new Set<Keeping>()
  readonly #cursors: () => ReadonlyMap<Topic, Seq>

  constructor(cursors: () => ReadonlyMap<Topic, Seq>) {
    this.#cursors = cursors
  }

  /**
   * `seqs` tells of which topics the answer is a snapshot, and at which seq. `use` takes the answer in the turn in which nothing is kept
   * any more, so that no event comes between. An answer that `of` is not there for oneself, from before it began anew, is asked for again.
   */
  async ask<T, R>(
    call: () => Promise<CallResult<T>>,
    seqs: (ok: T) => Iterable<readonly [Topic, Seq]>,
    use: (ok: T, meanwhile: Meanwhile) => R,
    of?: Topic,
  ): Promise<CallResult<R>> {
    for (let n = 0; n < tries; n++) {
      const keeping = new Keeping(this.#cursors())
      this.#open.add(keeping)
      const answer = await call()
      this.#open.delete(keeping)
      if (isNotFound(answer) && of && keeping.restarted.has(of)) continue
      if (!('ok' in answer)) return answer
      const later = keeping.after(new Map(seqs(answer.ok)))
      if (later) return { ok: use(answer.ok, { later, all: keeping.batches }) }
    }
    return { unreachable: true }
  }

  received(batch: EventBatch): void {
    for (const keeping of this.#open) keeping.batches.push(batch)
  }

  /** The topic begins anew after `head`: an answer that is older is of no use. */
  restarted(topic: Topic, head: Seq): void {
    for (const keeping of this.#open) keeping.restart(topic, head)
  }
}

/** What is kept for one read. */
class Keeping {
  readonly batches: EventBatch[] = []
  readonly restarted = new Set<Topic>()
  readonly #from: Map<Topic, Seq>

  constructor(from: ReadonlyMap<Topic, Seq>) {
    this.#from = new Map(from)
  }

  restart(topic: Topic, head: Seq): void {
    this.#from.set(topic, head)
    this.restarted.add(topic)
    const others = this.batches.filter(batch => batch.topic !== topic)
    this.batches.splice(0, this.batches.length, ...others)
  }

  /** What was received of the answer's topics after its seqs; `null` where the answer is older than what was received before. */
  after(seqs: ReadonlyMap<Topic, Seq>): readonly EventBatch[] | null {
    for (const [topic, seq] of seqs) if (seq < (this.#from.get(topic) ?? 0)) return null
    return this.batches.flatMap(batch => {
      const seq = seqs.get(batch.topic)
      if (seq === undefined) return []
      const skip = Math.max(0, seq + 1 - batch.first)
      const events = batch.events.slice(skip)
      return events.length > 0 ? [{ ...batch, first: batch.first + skip, events }] : []
    })
  }
}

const isNotFound = (answer: CallResult<unknown>): boolean =>
  'error' in answer && answer.error.code === 'not_found'
