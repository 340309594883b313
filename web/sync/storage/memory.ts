import type { RoomId, UserId } from '../../../contract/ids.ts'
import type { RoomDraft } from '../model.ts'
import type { OutboxRow } from '../outbox/queued.ts'
import { merged } from '../outbox/queued.ts'
import type { SavedState, SavedWindow, Storage } from './storage.ts'
import { withoutCall } from './storage.ts'

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
  readonly rows: Map<string, OutboxRow>
  readonly drafts: Map<string, RoomDraft>
}

const of = (user: UserId, key: string) => `${user} ${key}`

type Sending = 'rows' | 'addRow' | 'changeRow'

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
    rows: async user =>
      [...rows]
        .filter(([at]) => at.startsWith(user))
        .map(([, row]) => row)
        .sort((one, other) => one.order - other.order),
    addRow: async (user, key, call, after = 0) => {
      const at = of(user, key)
      const there = rows.get(at)
      if (!there) order = Math.max(order, after) + 1
      const row = there ? merged(there, call) : { ...call, key, order, failed: null }
      rows.set(at, row)
      const begun = drafts.get(of(user, call.room))
      if (begun) drafts.set(of(user, call.room), withoutCall(begun, call))
      return row
    },
    changeRow: async (user, key, change) => {
      const at = of(user, key)
      const row = rows.get(at)
      const changed = row && change(row)
      if (changed) rows.set(at, changed)
      else rows.delete(at)
      return changed ?? null
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
  forget(rows)
}
