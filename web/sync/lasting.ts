import { memoryStorage } from './memory.ts'
import type { Storage } from './storage.ts'
import { emptyDraft } from './storage.ts'

/**
 * A storage that goes on in memory when the one given cannot store any more (refused, full, taken away), and says so once by `lost`. What
 * was stored before is still read from there where it can be.
 */
export function lastingStorage(first: Storage, lost: () => void): Storage {
  const memory = memoryStorage()
  const ways = new Ways(lost)
  return {
    ...caching(first, memory, ways),
    ...sending(first, memory, ways),
    wipe: (user, unsent) => ways.both(first.wipe(user, unsent), memory.wipe(user, unsent)),
    close: () => first.close(),
  }
}

/** How two storages are used as one. */
class Ways {
  readonly #lost: () => void
  #told = false

  constructor(lost: () => void) {
    this.#lost = lost
  }

  /** Written there; where that fails, here. */
  async write(there: Promise<void>, here: () => Promise<void>): Promise<void> {
    try {
      await there
    } catch {
      this.#failed()
      await here()
    }
  }

  /** What is here, since it is newer; else what is there. */
  async read<T>(here: Promise<T | null>, there: () => Promise<T | null>): Promise<T | null> {
    const value = await here
    if (value !== null) return value
    try {
      return await there()
    } catch {
      this.#failed()
      return null
    }
  }

  /** Changed in both, since it may be in either. */
  async both(there: Promise<void>, here: Promise<void>): Promise<void> {
    await there.catch(() => this.#failed())
    await here
  }

  #failed(): void {
    if (!this.#told) this.#lost()
    this.#told = true
  }
}

type Sending = 'rows' | 'addRow' | 'markRow' | 'unquoteRow' | 'dropRow'

function caching(first: Storage, memory: Storage, ways: Ways): Omit<Storage, Sending | 'wipe' | 'close'> {
  return {
    lastUser: () => ways.read(memory.lastUser(), () => first.lastUser()),
    setLastUser: user => ways.both(first.setLastUser(user), memory.setLastUser(user)),
    state: user => ways.read(memory.state(user), () => first.state(user)),
    save: (user, saved, runs) =>
      ways.write(first.save(user, saved, runs), () => memory.save(user, saved, runs)),
    run: (user, room) => ways.read(memory.run(user, room), () => first.run(user, room)),
    dropRun: (user, room) => ways.both(first.dropRun(user, room), memory.dropRun(user, room)),
    drafts: async user => {
      const stored = await ways.read(Promise.resolve(null), () => first.drafts(user))
      return new Map([...(stored ?? []), ...(await memory.drafts(user))])
    },
    draft: (user, room) => ways.read(memory.draft(user, room), () => first.draft(user, room)),
    setDraft: (user, room, draft) =>
      ways.write(first.setDraft(user, room, draft), () =>
        // An empty one here hides what is stored there and cannot be taken away.
        memory.setDraft(user, room, draft ?? emptyDraft),
      ),
  }
}

function sending(first: Storage, memory: Storage, ways: Ways): Pick<Storage, Sending> {
  return {
    rows: async user => {
      const stored = await ways.read(Promise.resolve(null), () => first.rows(user))
      return [...(stored ?? []), ...(await memory.rows(user))]
    },
    addRow: (user, draft) => ways.write(first.addRow(user, draft), () => memory.addRow(user, draft)),
    markRow: (id, failed) => ways.both(first.markRow(id, failed), memory.markRow(id, failed)),
    unquoteRow: id => ways.both(first.unquoteRow(id), memory.unquoteRow(id)),
    dropRow: id => ways.both(first.dropRow(id), memory.dropRow(id)),
  }
}
