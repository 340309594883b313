import type { MessageId, RoomId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import type { RoomDraft } from '../model.ts'
import type { Cancel } from '../ports.ts'
import { emptyDraft, withoutMessage } from '../storage/storage.ts'
import type { SyncContext } from '../sync-context.ts'

/** What was typed is stored, and the other tabs are notified, at most this much later, in ms. */
const restMs = 250

/**
 * What somebody has begun to write, by room: a new message with the one it answers, and beside it an edit. The tabs of one browser share
 * it through the storage. The tab that is typed in wins: what it has not stored yet is not replaced by what another tab stored before.
 */
export class Drafts {
  readonly #context: SyncContext
  readonly #drafts = new Map<RoomId, RoomDraft>()
  readonly #views = new Map<RoomId, Set<() => void>>()
  /** Typed here, and about to be stored. */
  readonly #planned = new Map<RoomId, Cancel>()
  readonly #storing = new Map<RoomId, Promise<void>>()
  /** Typed here, and not taken by the storage: tried again with the next letter, and when the page is left. */
  readonly #unstored = new Set<RoomId>()
  /** What was sent from there is being stored: until it is, its draft stays in the storage, should the page end. */
  readonly #held = new Set<RoomId>()
  #rooms: ReadonlySet<RoomId> = new Set()
  #stopped = false

  constructor(context: SyncContext) {
    this.#context = context
  }

  /** The rooms in which something waits to be sent or saved. The same set until it changes. */
  get rooms(): ReadonlySet<RoomId> {
    return this.#rooms
  }

  of(room: RoomId): RoomDraft {
    return this.#drafts.get(room) ?? emptyDraft
  }

  /** `view` is called at once when the draft of the room changes, so that a text box keeps its caret. */
  subscribe(room: RoomId, view: () => void): () => void {
    const views = this.#views.get(room) ?? new Set()
    this.#views.set(room, views.add(view))
    return () => views.delete(view)
  }

  /** Shown at once; stored, and the other tabs notified, a moment later where it is one letter more, else at once. */
  write(room: RoomId, change: Partial<RoomDraft>): void {
    if (this.#stopped) return
    const before = this.of(room)
    this.#become(room, { ...before, ...change })
    const { quote, edit } = this.of(room)
    if (quote !== before.quote || edit?.message !== before.edit?.message) void this.#store(room)
    else this.#plan(room)
  }

  /** The new message of a room, which is shown as a draft no more; `null` where there is none. The storage has it until `release`. */
  take(room: RoomId): { id: MessageId; text: string; quote: MessageId | null } | null {
    const draft = this.of(room)
    const { id, text, quote } = draft
    if (id === null || this.#stopped) return null
    this.#become(room, withoutMessage(draft))
    this.#held.add(room)
    return { id, text, quote }
  }

  /** The edit of a room is shown as one no more. The storage has it until `release`. */
  leaveEdit(room: RoomId): void {
    if (this.#stopped) return
    this.#become(room, { ...this.of(room), edit: null })
    this.#held.add(room)
  }

  /** What was taken is stored elsewhere, or is a draft again. */
  release(room: RoomId): Promise<void> {
    this.#held.delete(room)
    return this.#store(room)
  }

  /**
   * A message of this id is on its way or was posted, by whichever tab: it is no draft. What was typed here since is another message.
   * The text is empty where the message was deleted or edited since.
   */
  posted(room: RoomId, { id, text }: { readonly id: MessageId; readonly text: string }): void {
    const draft = this.of(room)
    if (draft.id !== id) return
    const isAll = text === '' || draft.text === text
    // Who sent it has stored that already.
    if (isAll) this.#become(room, withoutMessage(draft))
    else this.write(room, { id: null })
  }

  /** Another tab stored a draft. */
  async received(room: RoomId): Promise<void> {
    const { storage, me } = this.#context
    const stored = await storage.draft(me, room).catch(() => undefined)
    if (stored !== undefined && !this.#isTyped(room)) this.#become(room, readable(stored))
  }

  /** What is stored: at the start, and where a tab was asleep and did not receive what the others sent. */
  async load(): Promise<void> {
    const { storage, me } = this.#context
    const stored = await storage.drafts(me).catch(() => null)
    if (!stored) return
    for (const room of new Set([...stored.keys(), ...this.#drafts.keys()]))
      if (!this.#isTyped(room)) this.#become(room, readable(stored.get(room)))
  }

  /** Stores at once what was typed. */
  async flush(): Promise<void> {
    await Promise.all([...this.#planned.keys(), ...this.#unstored].map(room => this.#store(room)))
  }

  /** Stores what was typed; nothing more is written then. */
  async stop(): Promise<void> {
    const flushed = this.flush()
    this.#stopped = true
    await Promise.all([flushed, ...this.#storing.values()])
  }

  #isTyped(room: RoomId): boolean {
    const isHere = [this.#planned, this.#storing, this.#unstored, this.#held].some(one => one.has(room))
    return this.#stopped || isHere
  }

  #plan(room: RoomId): void {
    if (this.#planned.has(room)) return
    const later = this.#context.ports.clock.after(restMs, () => void this.#store(room))
    this.#planned.set(room, later)
  }

  /** Never rejects: nobody waits for it while a person types. */
  #store(room: RoomId): Promise<void> {
    this.#planned.get(room)?.()
    this.#planned.delete(room)
    if (this.#held.has(room)) return Promise.resolve()
    const { storage, me } = this.#context
    const storing = storage.setDraft(me, room, this.#drafts.get(room) ?? null).then(
      () => {
        if (!this.#isNewest(room, storing)) return
        this.#unstored.delete(room)
        this.#context.notify({ is: 'draft', room })
      },
      () => {
        if (this.#isNewest(room, storing)) this.#unstored.add(room)
      },
    )
    this.#storing.set(room, storing)
    return storing
  }

  /** Whether nothing newer is being stored; nothing is any more then. */
  #isNewest(room: RoomId, storing: Promise<void>): boolean {
    return this.#storing.get(room) === storing && this.#storing.delete(room)
  }

  #become(room: RoomId, draft: RoomDraft): void {
    // The id of the message that it will be: the same draft, sent by two tabs, is one message.
    const id = draft.text === '' ? null : (draft.id ?? newId<MessageId>(this.#context.ports.clock.now()))
    const isEmpty = id === null && draft.quote === null && draft.edit === null
    if (isEmpty) this.#drafts.delete(room)
    else this.#drafts.set(room, { ...emptyDraft, ...draft, id })
    for (const view of this.#views.get(room) ?? []) view()
    if (this.#rooms.has(room) === isBegun(this.of(room))) return
    this.#rooms = new Set([...this.#drafts].filter(([, one]) => isBegun(one)).map(([of]) => of))
    this.#context.changed()
  }
}

/** Whether something would be missed: an answer without a word, or an edit without a change, would not. */
const isBegun = ({ text, edit }: RoomDraft): boolean =>
  text.trim() !== '' || (edit != null && edit.text !== edit.was)

/** A draft as it is stored, or none where that is of another form, as damage may leave it. */
const readable = (draft: RoomDraft | null | undefined): RoomDraft =>
  typeof draft?.text === 'string' && typeof (draft.edit?.text ?? '') === 'string' ? draft : emptyDraft
