import { memoryStorage } from './memory.ts'
import type { OutboxRow, Storage } from './storage.ts'

/**
 * A storage that goes on in memory when the one given cannot store any more (refused, full, taken away), and says so once by `lost`. What
 * was stored before is still read from there where it can be.
 */
export function lastingStorage(first: Storage, lost: () => void): Storage {
  const memory = memoryStorage()
  let told = false
  const failed = () => {
    if (!told) lost()
    told = true
  }
  /** Written there; else here. */
  const write = async (there: () => Promise<void>, here: () => Promise<void>) => {
    try {
      await there()
    } catch {
      failed()
      await here()
    }
  }
  /** Read here, where something was written; else there. */
  const read = async <T>(here: Promise<T | null>, there: () => Promise<T | null>) => {
    const value = await here
    if (value !== null) return value
    return there().catch(() => {
      failed()
      return null
    })
  }
  /** A change of what may be in both. */
  const both = async (there: () => Promise<void>, here: Promise<void>) => {
    await there().catch(failed)
    await here
  }
  return {
    lastUser: () => read(memory.lastUser(), () => first.lastUser()),
    setLastUser: user => both(() => first.setLastUser(user), memory.setLastUser(user)),
    state: user => read(memory.state(user), () => first.state(user)),
    save: (user, saved, runs) =>
      write(
        () => first.save(user, saved, runs),
        () => memory.save(user, saved, runs),
      ),
    run: (user, room) => read(memory.run(user, room), () => first.run(user, room)),
    dropRun: (user, room) => both(() => first.dropRun(user, room), memory.dropRun(user, room)),
    rows: async user => {
      const stored = await read<readonly OutboxRow[]>(Promise.resolve(null), () => first.rows(user))
      return [...(stored ?? []), ...(await memory.rows(user))]
    },
    addRow: (user, draft) =>
      write(
        () => first.addRow(user, draft),
        () => memory.addRow(user, draft),
      ),
    markRow: (id, error) => both(() => first.markRow(id, error), memory.markRow(id, error)),
    dropRow: id => both(() => first.dropRow(id), memory.dropRow(id)),
    draft: (user, room) => read(memory.draft(user, room), () => first.draft(user, room)),
    setDraft: (user, room, draft) =>
      write(
        () => first.setDraft(user, room, draft),
        () => memory.setDraft(user, room, draft),
      ),
    wipe: (user, unsent) => both(() => first.wipe(user, unsent), memory.wipe(user, unsent)),
    close: () => first.close(),
  }
}
