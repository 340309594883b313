import type { UserId } from '../../../contract/ids.ts'
import type { OutboxRow, QueuedCall } from '../outbox/queued.ts'
import { merged } from '../outbox/queued.ts'
import type { Attempts } from './attempts.ts'
import type { Settle } from './overlay.ts'
import { Overlay, storageKeyOf } from './overlay.ts'
import type { RowChange, Storage } from './storage.ts'

/**
 * Outbox rows, of which some, or changes of some, were not taken by the storage: those are in memory, and all are in the order in which they
 * were added.
 */
export class FallbackRows {
  readonly #first: Storage
  readonly #attempts: Attempts
  /** Rows that are others than the storage has, by user and key. */
  readonly #newer = new Overlay<OutboxRow>()
  /** What the storage has, as far as was seen. */
  readonly #seen = new Map<string, OutboxRow>()
  /** Those that the storage does not have, or only one of their key that was dropped in vain. */
  readonly #inMemory = new Set<string>()
  /** The highest order that was seen. */
  #last = 0
  /** One at a time, so that each is given an order after those before it, wherever they went. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(first: Storage, attempts: Attempts) {
    this.#first = first
    this.#attempts = attempts
  }

  async all(user: UserId): Promise<readonly OutboxRow[]> {
    const rows = new Map(this.#newer.isWiped(user) ? [] : await this.#stored(user))
    for (const [key, row] of this.#newer.of(user))
      if (row) rows.set(key, row)
      else rows.delete(key)
    return [...rows.values()].sort((one, other) => one.order - other.order)
  }

  /** Answers the row, and whether the storage took it. */
  add(user: UserId, key: string, call: QueuedCall): Promise<{ row: OutboxRow; isTaken: boolean }> {
    return this.#inTurn(() => this.#add(user, key, call))
  }

  change(user: UserId, key: string, change: RowChange): Promise<OutboxRow | null> {
    return this.#inTurn(() => this.#change(user, key, change))
  }

  planWipe(user: UserId): Settle {
    const settle = this.#newer.planWipe(user)
    return isTaken => {
      settle(isTaken)
      for (const known of [this.#seen, this.#inMemory])
        for (const at of known.keys()) if (at.startsWith(storageKeyOf(user))) known.delete(at)
    }
  }

  async #add(user: UserId, key: string, call: QueuedCall): Promise<{ row: OutboxRow; isTaken: boolean }> {
    const at = storageKeyOf(user, key)
    // What was dropped in vain may be dropped now.
    if (this.#newer.get(at) === null && this.#seen.has(at)) await this.#change(user, key, () => null)
    if (this.#newer.get(at) === undefined) {
      const after = Math.max(0, ...this.#newer.of(user).map(([, row]) => row?.order ?? 0))
      const store = () => this.#first.addRow(user, key, call, after)
      const row = await this.#attempts.read(store, null)
      if (row) {
        this.#saw(at, row)
        return { row, isTaken: true }
      }
      await this.#stored(user)
    }
    const there = this.#there(at)
    const row = there ? merged(there, call) : { ...call, key, order: ++this.#last, failed: null }
    this.#newer.set(at, row)
    if (!there) this.#inMemory.add(at)
    return { row, isTaken: false }
  }

  async #change(user: UserId, key: string, change: RowChange): Promise<OutboxRow | null> {
    const at = storageKeyOf(user, key)
    const there = this.#there(at)
    const changed = there ? change(there) : null
    if (this.#inMemory.has(at) && (changed || !this.#seen.has(at))) {
      if (changed) this.#newer.set(at, changed)
      else this.#forget(at)
      return changed
    }
    // What is not there as the storage has it is stored as it is now.
    const newer = this.#newer.get(at) === undefined ? change : () => changed
    const stored = await this.#attempts.read(() => this.#first.changeRow(user, key, newer), undefined)
    this.#forget(at)
    if (stored === undefined) this.#newer.set(at, changed)
    else if (stored) this.#saw(at, stored)
    else this.#seen.delete(at)
    return stored === undefined ? changed : stored
  }

  #there(at: string): OutboxRow | null {
    const newer = this.#newer.get(at)
    return newer === undefined ? (this.#seen.get(at) ?? null) : newer
  }

  #forget(at: string): void {
    this.#newer.forget(at)
    this.#inMemory.delete(at)
  }

  async #stored(user: UserId): Promise<[string, OutboxRow][]> {
    const rows = await this.#attempts.read<readonly OutboxRow[]>(() => this.#first.rows(user), [])
    for (const row of rows) this.#saw(storageKeyOf(user, row.key), row)
    return rows.map(row => [row.key, row])
  }

  #saw(at: string, row: OutboxRow): void {
    this.#seen.set(at, row)
    this.#last = Math.max(this.#last, row.order)
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task)
    this.#turn = done.catch(() => {})
    return done
  }
}
