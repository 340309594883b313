import type { MessageId, RoomId, UserId } from '../../../contract/ids.ts'
import type { RoomDraft } from '../model.ts'
import type { OutboxRow, SavedState, SavedWindow, Storage } from './storage.ts'
import { unquoted, withoutMessage } from './storage.ts'

/** A storage that lasts as long as the page: where the browser refuses another, and in tests (where two "tabs" may share one). */
export function memoryStorage(): Storage {
  const kept: Kept = { last: null, states: new Map(), windows: new Map(), rows: new Map(), drafts: new Map() }
  return {
    ...caching(kept),
    ...sending(kept),
    wipe: async (user, unsent) => wipe(kept, user, unsent),
    close: () => {},
  }
}

interface Kept {
  last: UserId | null
  readonly states: Map<UserId, SavedState>
  readonly windows: Map<string, SavedWindow>
  readonly rows: Map<MessageId, OutboxRow & { user: UserId }>
  readonly drafts: Map<string, RoomDraft>
}

const of = (user: UserId, room: string) => `${user} ${room}`

type Sending = 'rows' | 'addRow' | 'markRow' | 'unquoteRow' | 'dropRow'

function caching(kept: Kept): Omit<Storage, Sending | 'wipe' | 'close'> {
  const { states, windows, drafts } = kept
  return {
    lastUser: async () => kept.last,
    setLastUser: async user => {
      kept.last = user
    },
    state: async user => states.get(user) ?? null,
    save: async (user, saved, newWindows) => {
      states.set(user, saved)
      for (const one of newWindows) windows.set(of(user, one.room), one)
    },
    savedWindow: async (user, room) => windows.get(of(user, room)) ?? null,
    dropWindow: async (user, room) => {
      windows.delete(of(user, room))
    },
    drafts: async user =>
      new Map(
        [...drafts].flatMap(([key, draft]) =>
          key.startsWith(user) ? [[key.slice(user.length + 1) as RoomId, draft]] : [],
        ),
      ),
    draft: async (user, room) => drafts.get(of(user, room)) ?? null,
    setDraft: async (user, room, draft) => {
      if (draft) drafts.set(of(user, room), draft)
      else drafts.delete(of(user, room))
    },
  }
}

function sending({ rows, drafts }: Kept): Pick<Storage, Sending> {
  let order = 0
  return {
    rows: async user => [...rows.values()].filter(row => row.user === user),
    addRow: async (user, draft, after = 0) => {
      order = Math.max(order, after)
      if (!rows.has(draft.id)) rows.set(draft.id, { user, draft, order: ++order, failed: null })
      const begun = drafts.get(of(user, draft.room))
      if (begun?.id === draft.id) drafts.set(of(user, draft.room), withoutMessage(begun))
    },
    markRow: async (id, failed) => {
      const row = rows.get(id)
      if (row) rows.set(id, { ...row, failed })
    },
    unquoteRow: async id => {
      const row = rows.get(id)
      if (row) rows.set(id, { ...row, draft: unquoted(row.draft), failed: null })
    },
    dropRow: async id => {
      rows.delete(id)
    },
  }
}

function wipe({ states, windows, rows, drafts }: Kept, user: UserId, unsent: boolean): void {
  const forget = (map: Map<string, unknown>) => {
    for (const key of map.keys()) if (key.startsWith(user)) map.delete(key)
  }
  states.delete(user)
  forget(windows)
  if (!unsent) return
  forget(drafts)
  for (const [id, row] of rows) if (row.user === user) rows.delete(id)
}
