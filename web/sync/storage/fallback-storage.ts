import type { MessageId, RoomId, UserId } from '../../../contract/ids.ts'
import type { RoomDraft } from '../model.ts'
import { isOf } from '../outbox/queued.ts'
import { Attempts } from './attempts.ts'
import { FallbackRows } from './fallback-rows.ts'
import type { Settle } from './overlay.ts'
import { Overlay, storageKeyOf } from './overlay.ts'
import type { SavedState, SavedWindow, Storage } from './storage.ts'
import { withoutMessage } from './storage.ts'

/**
 * A storage that goes on in memory when the one given cannot store any more (refused, full, taken away), and says so once by `lost`. What
 * was stored before is still read from there where it can be. Of each thing the last write counts, wherever it went.
 */
export function fallbackStorage(first: Storage, lost: () => void): Storage {
  const attempts = new Attempts(lost)
  const drafts = new FallbackDrafts(first, attempts)
  const rows = new FallbackRows(first, attempts)
  const { overlays, ...cache } = caching(first, attempts)
  return {
    ...cache,
    drafts: user => drafts.all(user),
    draft: (user, room) => drafts.get(user, room),
    setDraft: (user, room, draft) => drafts.set(user, room, draft),
    rows: user => rows.all(user),
    addRow: async (user, key, call) => {
      const { row, isTaken } = await rows.add(user, key, call)
      if (isOf(call, 'messages.post')) drafts.sent(storageKeyOf(user, call.room), call.input.id, isTaken)
      return row
    },
    changeRow: (user, key, change) => rows.change(user, key, change),
    wipe: async (user, unsent) => {
      const words = unsent ? [drafts.planWipe(user), rows.planWipe(user)] : []
      const cached = overlays.map(overlay => overlay.planWipe(user))
      await attempts.write(() => first.wipe(user, unsent), ...cached, ...words)
    },
    close: () => first.close(),
  }
}

type Caching = 'lastUser' | 'setLastUser' | 'state' | 'save' | 'savedWindow' | 'dropWindow'

function caching(
  first: Storage,
  attempts: Attempts,
): Pick<Storage, Caching> & { overlays: readonly { planWipe(user: UserId): Settle }[] } {
  const last = new Overlay<UserId>()
  const states = new Overlay<SavedState>()
  const windows = new Overlay<SavedWindow>()
  const done = async (taken: Promise<boolean>) => void (await taken)
  return {
    lastUser: () => attempts.value(last, '', () => first.lastUser()),
    setLastUser: user => done(attempts.write(() => first.setLastUser(user), last.plan('', user))),
    state: user => attempts.value(states, storageKeyOf(user), () => first.state(user)),
    save: (user, saved, newer) => {
      const planned = newer.map(savedWindow =>
        windows.plan(storageKeyOf(user, savedWindow.room), savedWindow),
      )
      const store = () => first.save(user, saved, newer)
      return done(attempts.write(store, states.plan(storageKeyOf(user), saved), ...planned))
    },
    savedWindow: (user, room) =>
      attempts.value(windows, storageKeyOf(user, room), () => first.savedWindow(user, room)),
    dropWindow: (user, room) =>
      done(attempts.write(() => first.dropWindow(user, room), windows.plan(storageKeyOf(user, room), null))),
    overlays: [states, windows],
  }
}

/** Drafts, of which some were not taken. */
class FallbackDrafts {
  readonly #first: Storage
  readonly #attempts: Attempts
  readonly #overlay = new Overlay<RoomDraft>()
  /** Messages whose rows were not taken: what is stored still has them as drafts. */
  readonly #sent = new Set<MessageId>()

  constructor(first: Storage, attempts: Attempts) {
    this.#first = first
    this.#attempts = attempts
  }

  get(user: UserId, room: RoomId): Promise<RoomDraft | null> {
    return this.#attempts.value(this.#overlay, storageKeyOf(user, room), async () => {
      const stored = await this.#first.draft(user, room)
      return stored && this.#unsent(stored)
    })
  }

  async all(user: UserId): Promise<ReadonlyMap<RoomId, RoomDraft>> {
    const none: ReadonlyMap<RoomId, RoomDraft> = new Map()
    const stored = await this.#attempts.read(() => this.#first.drafts(user), none)
    const drafts = new Map<RoomId, RoomDraft>()
    if (!this.#overlay.isWiped(user))
      for (const [room, draft] of stored) drafts.set(room, this.#unsent(draft))
    for (const [room, draft] of this.#overlay.of(user))
      if (draft) drafts.set(room as RoomId, draft)
      else drafts.delete(room as RoomId)
    return drafts
  }

  async set(user: UserId, room: RoomId, draft: RoomDraft | null): Promise<void> {
    const settle = this.#overlay.plan(storageKeyOf(user, room), draft)
    const isTaken = await this.#attempts.write(() => this.#first.setDraft(user, room, draft), settle)
    if (isTaken && draft?.id) this.#sent.delete(draft.id)
  }

  /** The draft under `key` is on its way as a message, if it is that one. */
  sent(key: string, id: MessageId, isTaken: boolean): void {
    const begun = this.#overlay.get(key)
    if (begun?.id === id) this.#overlay.set(key, withoutMessage(begun))
    if (!isTaken) this.#sent.add(id)
  }

  planWipe(user: UserId): Settle {
    return this.#overlay.planWipe(user)
  }

  #unsent(draft: RoomDraft): RoomDraft {
    return draft.id !== null && this.#sent.has(draft.id) ? withoutMessage(draft) : draft
  }
}
