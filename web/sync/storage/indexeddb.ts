import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import { openDB } from 'idb'
import type { WireError } from '../../../contract/frames.ts'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import type { Parsed } from '../../../contract/operations.ts'
import type { RoomDraft } from '../model.ts'
import type { OutboxRow } from '../outbox/queued.ts'
import { merged } from '../outbox/queued.ts'
import type { SavedState, SavedWindow, Storage } from './storage.ts'
import { withoutCall } from './storage.ts'

/**
 * Grows when `SavedState` or `SavedWindow` takes another form: the cache of an older form is dropped then, since the server has it all. The
 * outbox and the drafts are nobody else's, and are kept.
 */
const newestForm = 2

interface Schema extends DBSchema {
  meta: { key: 'last'; value: UserId }
  states: { key: UserId; value: SavedState }
  windows: { key: [UserId, RoomId]; value: SavedWindow }
  outbox: {
    key: [UserId, string]
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
    upgrade: (made, from, _to, tx) => void upgrade(made, from, tx).catch(() => tx.abort()),
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

/** As the outbox was in the first form, in which it held messages alone. */
interface FirstRow {
  readonly user: UserId
  readonly draft: Parsed<'messages.post'> & { readonly at: number }
  readonly order: number
  readonly failed: WireError | null
}

async function upgrade(
  made: IDBPDatabase<Schema>,
  from: number,
  tx: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
): Promise<void> {
  const stores: DOMStringList = made.objectStoreNames
  for (const cache of ['states', 'runs', 'windows'] as StoreNames<Schema>[])
    if (stores.contains(cache)) made.deleteObjectStore(cache)
  made.createObjectStore('states')
  made.createObjectStore('windows')
  if (from > 1) return
  const outbox = made.createObjectStore('outbox', { keyPath: ['user', 'key'] })
  outbox.createIndex('order', ['user', 'order'])
  if (from === 1) {
    const rows: FirstRow[] = await tx.objectStore('rows' as never).getAll()
    for (const { draft, ...row } of rows) {
      const { at, ...input } = draft
      const { id: key, room } = input
      await outbox.put({ ...row, operation: 'messages.post', input, room, at, key })
    }
    made.deleteObjectStore('rows' as never)
  } else {
    made.createObjectStore('meta')
    made.createObjectStore('drafts')
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
      const tx = db.transaction(['states', 'windows'], 'readwrite')
      await Promise.all([
        tx.objectStore('states').put(saved, user),
        ...windows.map(one => tx.objectStore('windows').put(one, [user, one.room])),
        tx.done,
      ])
    },
    savedWindow: async (user: UserId, room: RoomId) => (await db.get('windows', [user, room])) ?? null,
    dropWindow: (user: UserId, room: RoomId) => db.delete('windows', [user, room]),
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
      const tx = db.transaction('drafts', 'readwrite')
      const request = draft ? tx.store.put(draft, [user, room]) : tx.store.delete([user, room])
      // A page that is about to end does not live to say that it asks for no more, and what waits for that is lost with it.
      tx.commit()
      await Promise.all([request, tx.done])
    },
  }
}

/** Of the methods that send. */
type Sending = 'rows' | 'addRow' | 'changeRow'

function sending(db: IDBPDatabase<Schema>): Pick<Storage, Sending> {
  return {
    rows: async user => {
      const rows = await db.getAllFromIndex('outbox', 'order', ofUser(user))
      return rows.map(({ user: _, ...row }) => row)
    },
    addRow: async (user, key, call, after = 0) => {
      const tx = db.transaction(['outbox', 'drafts'], 'readwrite', { durability: 'strict' })
      const rows = tx.objectStore('outbox')
      const last = await rows.index('order').openKeyCursor(ofUser(user), 'prev')
      const there = await rows.get([user, key])
      const added = { ...call, key, order: Math.max(last?.key[1] ?? 0, after) + 1, failed: null }
      const row = there ? merged(there, call) : added
      await rows.put({ ...row, user })
      const drafts = tx.objectStore('drafts')
      const begun = await drafts.get([user, call.room])
      if (begun) await drafts.put(withoutCall(begun, call), [user, call.room])
      tx.commit()
      await tx.done
      return row
    },
    changeRow: async (user, key, change) => {
      const tx = db.transaction('outbox', 'readwrite')
      const row = await tx.store.get([user, key])
      const changed = row && change(row)
      if (changed) await tx.store.put({ ...changed, user })
      else await tx.store.delete([user, key])
      tx.commit()
      await tx.done
      return changed ?? null
    },
  }
}

async function wipe(db: IDBPDatabase<Schema>, user: UserId, unsent: boolean): Promise<void> {
  const tx = db.transaction(['states', 'windows', 'outbox', 'drafts'], 'readwrite')
  const gone = [tx.objectStore('states').delete(user), tx.objectStore('windows').delete(ofUser(user))]
  if (unsent) {
    gone.push(tx.objectStore('drafts').delete(ofUser(user)))
    gone.push(tx.objectStore('outbox').delete(ofUser(user)))
  }
  await Promise.all([...gone, tx.done])
}
