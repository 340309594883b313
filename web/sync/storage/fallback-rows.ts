import type { WireError } from '../../../contract/frames.ts'
import type { MessageId, UserId } from '../../../contract/ids.ts'
import type { Unsent } from '../model.ts'
import type { Settle } from '../outbox/overlay.ts'
import { Overlay } from '../outbox/overlay.ts'
import type { Attempts } from './attempts.ts'
import { memoryStorage } from './memory.ts'
import type { OutboxRow, Storage } from './storage.ts'
import { unquoted } from './storage.ts'

/** Outbox rows, of which some were not taken by the storage: those are in memory, and all are in the order in which they were added. */
export class FallbackRows {
  readonly #first: Storage
  readonly #attempts: Attempts
  readonly #memory = memoryStorage()
  readonly #inMemory = new Set<MessageId>()
  /** Whose rows the storage has, as far as was seen: what is there already is not added once more while it cannot be read. */
  readonly #known = new Map<MessageId, UserId>()
  /** Stored, and not taken away when that was asked for. */
  readonly #dropped = new Set<MessageId>()
  readonly #marked = new Overlay<{ readonly failed: WireError | null }>()
  readonly #unquoted = new Overlay<true>()
  readonly #wiped = new Set<UserId>()
  /** The highest order that was seen. */
  #last = 0
  /** One at a time, so that each is given an order after those before it, wherever they went. */
  #adding: Promise<unknown> = Promise.resolve()

  constructor(first: Storage, attempts: Attempts) {
    this.#first = first
    this.#attempts = attempts
  }

  async all(user: UserId): Promise<readonly OutboxRow[]> {
    const stored = await this.#stored(user)
    const seen = stored.filter(({ draft }) => !this.#dropped.has(draft.id) && !this.#inMemory.has(draft.id))
    return [...seen.map(row => this.#changed(row)), ...(await this.#memory.rows(user))].sort(
      (one, other) => one.order - other.order,
    )
  }

  /** Answers whether the storage took it. */
  add(user: UserId, draft: Unsent): Promise<boolean> {
    const added = this.#adding.then(() => this.#add(user, draft))
    this.#adding = added
    return added
  }

  mark(id: MessageId, failed: WireError | null): Promise<void> {
    return this.#change(id, storage => storage.markRow(id, failed), this.#marked.plan(id, { failed }))
  }

  unquote(id: MessageId): Promise<void> {
    const settle = [this.#marked.plan(id, { failed: null }), this.#unquoted.plan(id, true)]
    return this.#change(id, storage => storage.unquoteRow(id), ...settle)
  }

  async drop(id: MessageId): Promise<void> {
    await this.#attempts.write(
      () => this.#first.dropRow(id),
      isTaken => {
        if (isTaken) this.#dropped.delete(id)
        else this.#dropped.add(id)
      },
    )
    for (const overlay of [this.#marked, this.#unquoted]) overlay.forget(id)
    this.#known.delete(id)
    this.#inMemory.delete(id)
    await this.#memory.dropRow(id)
  }

  planWipe(user: UserId): Settle {
    return isTaken => {
      if (isTaken) this.#wiped.delete(user)
      else this.#wiped.add(user)
      this.#forgetKnown(user)
      void this.#memory.wipe(user, true)
    }
  }

  async #add(user: UserId, draft: Unsent): Promise<boolean> {
    const isHidden = this.#wiped.has(user) || this.#dropped.has(draft.id) || this.#inMemory.has(draft.id)
    const after = (await this.#memory.rows(user)).at(-1)?.order
    const store = () => this.#first.addRow(user, draft, after)
    if (!isHidden && (await this.#attempts.write(store))) {
      this.#known.set(draft.id, user)
      return true
    }
    await this.#stored(user)
    if (!isHidden && this.#known.has(draft.id)) return false
    await this.#memory.addRow(user, draft, this.#last)
    this.#inMemory.add(draft.id)
    this.#last++
    return false
  }

  async #stored(user: UserId): Promise<readonly OutboxRow[]> {
    if (this.#wiped.has(user)) return []
    const rows = await this.#attempts.read<readonly OutboxRow[] | null>(() => this.#first.rows(user), null)
    if (!rows) return []
    this.#forgetKnown(user)
    for (const { draft } of rows) this.#known.set(draft.id, user)
    this.#last = Math.max(this.#last, rows.at(-1)?.order ?? 0)
    return rows
  }

  #forgetKnown(user: UserId): void {
    for (const [id, owner] of this.#known) if (owner === user) this.#known.delete(id)
  }

  async #change(
    id: MessageId,
    change: (storage: Storage) => Promise<void>,
    ...settle: readonly Settle[]
  ): Promise<void> {
    if (this.#inMemory.has(id)) await change(this.#memory)
    else await this.#attempts.write(() => change(this.#first), ...settle)
  }

  /** With what was not taken. */
  #changed(row: OutboxRow): OutboxRow {
    const { id } = row.draft
    const draft = this.#unquoted.get(id) ? unquoted(row.draft) : row.draft
    return { ...row, draft, ...this.#marked.get(id) }
  }
}
