import type { DBSchema, IDBPDatabase } from 'idb'
import { openDB } from 'idb'
import type { MessageId, RoomId, UserId } from '../../../contract/ids.ts'
import type { RoomDraft } from '../model.ts'
import type { OutboxRow, SavedState, SavedWindow, Storage } from './storage.ts'
import { unquoted, withoutMessage } from './storage.ts'

/**
 * Grows when `SavedState` or `SavedWindow` takes another form: the cache of an older form is dropped then, since the server has it all. The
 * outbox and the drafts are nobody else's, and are kept.
 */
const newestForm = 1

interface Schema extends DBSchema {
  meta: { key: 'last'; value: UserId }
  states: { key: UserId; value: SavedState }
  runs: { key: [UserId, RoomId]; value: SavedWindow }
  rows: {
    key: MessageId
    value: OutboxRow & { user: UserId }
    indexes: { order: [UserId, number] }
  }
  drafts: { key: [UserId, RoomId]; value: RoomDraft }
}

/** The storage of a browser. Rejects where IndexedDB is refused. `ended`: the browser took it away, or a newer page needs it in another form. */
export async function indexedDbStorage(
  name: string,
  ended: () => void,
  form: number = newestForm,
): Promise<Storage> {
  const db = await openDB<Schema>(name, form, {
    upgrade(made, from) {
      if (from === 0) {
        made.createObjectStore('meta')
        made.createObjectStore('rows', { keyPath: 'draft.id' }).createIndex('order', ['user', 'order'])
        made.createObjectStore('drafts')
      } else {
        made.deleteObjectStore('states')
        made.deleteObjectStore('runs')
      }
      made.createObjectStore('states')
      made.createObjectStore('runs')
    },
    blocking: (_current, _newer, event) => {
      ;(event.target as IDBDatabase).close()
      ended()
    },
    terminated: ended,
  })
  return {
    ...caching(db),
    ...drafting(db),
    ...sending(db),
    wipe: (user, unsent) => wipe(db, user, unsent),
    close: () => db.close(),
  }
}

const ofUser = (user: UserId) => IDBKeyRange.bound([user], [user, []])

function caching(db: IDBPDatabase<Schema>) {
  return {
    lastUser: async () => (await db.get('meta', 'last')) ?? null,
    setLastUser: async (user: UserId | null) => {
      if (user) await db.put('meta', user, 'last')
      else await db.delete('meta', 'last')
    },
    state: async (user: UserId) => (await db.get('states', user)) ?? null,
    save: async (user: UserId, saved: SavedState, windows: readonly SavedWindow[]) => {
      const tx = db.transaction(['states', 'runs'], 'readwrite')
      await Promise.all([
        tx.objectStore('states').put(saved, user),
        ...windows.map(one => tx.objectStore('runs').put(one, [user, one.room])),
        tx.done,
      ])
    },
    savedWindow: async (user: UserId, room: RoomId) => (await db.get('runs', [user, room])) ?? null,
    dropWindow: (user: UserId, room: RoomId) => db.delete('runs', [user, room]),
  }
}

function drafting(db: IDBPDatabase<Schema>): Pick<Storage, 'drafts' | 'draft' | 'setDraft'> {
  return {
    drafts: async user => {
      const tx = db.transaction('drafts')
      const [keys, values] = await Promise.all([
        tx.store.getAllKeys(ofUser(user)),
        tx.store.getAll(ofUser(user)),
      ])
      return new Map(keys.flatMap(([, room], n) => (values[n] ? [[room, values[n]]] : [])))
    },
    draft: async (user: UserId, room: RoomId) => (await db.get('drafts', [user, room])) ?? null,
    setDraft: async (user: UserId, room: RoomId, draft: RoomDraft | null) => {
      if (draft) await db.put('drafts', draft, [user, room])
      else await db.delete('drafts', [user, room])
    },
  }
}

/** Of the methods that send. */
type Sending = 'rows' | 'addRow' | 'markRow' | 'unquoteRow' | 'dropRow'

function sending(db: IDBPDatabase<Schema>): Pick<Storage, Sending> {
  return {
    rows: async user => {
      const rows = await db.getAllFromIndex('rows', 'order', ofUser(user))
      return rows.map(({ draft, order, failed }) => ({ draft, order, failed }))
    },
    addRow: async (user, draft, after = 0) => {
      const tx = db.transaction(['rows', 'drafts'], 'readwrite', { durability: 'strict' })
      const rows = tx.objectStore('rows')
      const last = await rows.index('order').openKeyCursor(ofUser(user), 'prev')
      const order = Math.max(last?.key[1] ?? 0, after) + 1
      if ((await rows.getKey(draft.id)) === undefined) await rows.put({ user, draft, order, failed: null })
      const drafts = tx.objectStore('drafts')
      const begun = await drafts.get([user, draft.room])
      if (begun?.id === draft.id) await drafts.put(withoutMessage(begun), [user, draft.room])
      await tx.done
    },
    markRow: async (id, failed) => {
      const tx = db.transaction('rows', 'readwrite')
      const row = await tx.store.get(id)
      if (row) await tx.store.put({ ...row, failed })
      await tx.done
    },
    unquoteRow: async id => {
      const tx = db.transaction('rows', 'readwrite')
      const row = await tx.store.get(id)
      if (row) await tx.store.put({ ...row, draft: unquoted(row.draft), failed: null })
      await tx.done
    },
    dropRow: id => db.delete('rows', id),
  }
}

async function wipe(db: IDBPDatabase<Schema>, user: UserId, unsent: boolean): Promise<void> {
  const tx = db.transaction(['states', 'runs', 'rows', 'drafts'], 'readwrite')
  const gone = [tx.objectStore('states').delete(user), tx.objectStore('runs').delete(ofUser(user))]
  if (unsent) {
    gone.push(tx.objectStore('drafts').delete(ofUser(user)))
    const rows = tx.objectStore('rows')
    for (const id of await rows.index('order').getAllKeys(ofUser(user))) gone.push(rows.delete(id))
  }
  await Promise.all([...gone, tx.done])
}
