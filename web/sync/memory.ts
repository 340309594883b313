import type { MessageId, UserId } from '../../contract/ids.ts'
import type { OutboxRow, RoomDraft, SavedRun, SavedState, Storage } from './storage.ts'

/** A storage that lasts as long as the page: where the browser refuses another, and in tests (where two "tabs" may share one). */
export function memoryStorage(): Storage {
  let last: UserId | null = null
  let order = 0
  const states = new Map<UserId, SavedState>()
  const runs = new Map<string, SavedRun>()
  const rows = new Map<MessageId, OutboxRow & { user: UserId }>()
  const drafts = new Map<string, RoomDraft>()
  const of = (user: UserId, room: string) => `${user} ${room}`
  const forget = (map: Map<string, unknown>, user: UserId) => {
    for (const key of map.keys()) if (key.startsWith(user)) map.delete(key)
  }
  return {
    lastUser: async () => last,
    setLastUser: async user => {
      last = user
    },
    state: async user => states.get(user) ?? null,
    save: async (user, saved, newRuns) => {
      states.set(user, saved)
      for (const run of newRuns) runs.set(of(user, run.room), run)
    },
    run: async (user, room) => runs.get(of(user, room)) ?? null,
    dropRun: async (user, room) => {
      runs.delete(of(user, room))
    },
    rows: async user => [...rows.values()].filter(row => row.user === user),
    addRow: async (user, draft) => {
      if (!rows.has(draft.id)) rows.set(draft.id, { user, draft, order: ++order, failed: null })
    },
    markRow: async (id, failed) => {
      const row = rows.get(id)
      if (row) rows.set(id, { ...row, failed })
    },
    dropRow: async id => {
      rows.delete(id)
    },
    draft: async (user, room) => drafts.get(of(user, room)) ?? null,
    setDraft: async (user, room, draft) => {
      if (draft) drafts.set(of(user, room), draft)
      else drafts.delete(of(user, room))
    },
    wipe: async (user, unsent) => {
      states.delete(user)
      forget(runs, user)
      if (!unsent) return
      forget(drafts, user)
      for (const [id, row] of rows) if (row.user === user) rows.delete(id)
    },
    close: () => {},
  }
}
