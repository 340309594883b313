import type { WireError } from '../../../contract/frames.ts'
import type { MessageId, RoomId, Seq } from '../../../contract/ids.ts'
import { Listeners } from '../listeners.ts'
import type { CallResult, ConversationSnapshot as Shown } from '../model.ts'
import type { EventBatch } from '../replica/effects.ts'
import type { SyncContext } from '../sync-context.ts'
import { LoadState } from './load-state.ts'
import type { MessageWindow } from './message-window.ts'
import { bounded, foldWindow, keptWindow, newest, withAfter, withBefore } from './message-window.ts'
import type { PageQuery } from './page.ts'
import { gone, offline, readPage, readPatiently, succeeded } from './page.ts'
import { Quotes } from './quotes.ts'
import { pageFor } from './reading.ts'
import { RoomPlace } from './room-place.ts'
import { rowsOf } from './rows.ts'
import { Turns } from './turns.ts'

/** So many messages are kept of a room that is closed: in memory those where one was, in the cache the newest. */
const keptMessages = 200

/** One room's messages: an unbroken stretch of its history, kept up to date by the room's events, and read anew when some were missed. */
export class Conversation {
  readonly room: RoomId
  readonly quotes: Quotes
  readonly place: RoomPlace
  readonly #context: SyncContext
  readonly listeners = new Listeners()
  #window: MessageWindow | null = null
  /** Whether events are missing from the window, so that it is to be read anew. */
  #isStale = true
  #isSaved = true
  readonly #loading: LoadState
  readonly #turns: Turns
  #shown: Shown | null = null
  holders = 0

  constructor(room: RoomId, context: SyncContext) {
    this.room = room
    this.#context = context
    this.#loading = new LoadState(context.ports)
    this.#turns = new Turns(context.ports.clock)
    this.place = new RoomPlace(room, context)
    this.quotes = new Quotes(room, context, () => this.redraw())
  }

  get messageWindow(): MessageWindow | null {
    return this.#window
  }

  /** Whether one hears the room: one is in it. */
  get isServed(): boolean {
    return this.#context.replica.cursorOf(this.room) !== undefined
  }

  /** The seq of the newest message, where it is loaded. */
  get newestLoaded(): Seq | null {
    if (!this.#window || this.#isStale || this.#window.after) return null
    return this.#window.messages.at(-1)?.seq ?? 0
  }

  snapshot(): Shown {
    const messageWindow = this.#window
    this.#shown ??= {
      ...this.#loading.shown,
      ...this.place.shown,
      rows: rowsOf(messageWindow, this.#context.outbox.rowsOf(this.room, messageWindow?.at ?? 0)),
      before: messageWindow?.before ?? false,
      after: messageWindow?.after ?? false,
      isSettled: this.place.isSettled && !this.#isStale,
      typing: this.#context.signals.typingIn(this.room),
    }
    return this.#shown
  }

  /** Somebody opened it: shown from memory where it is there and whole, else from the cache and then from the server. */
  enter(at?: MessageId): void {
    if (this.holders++ === 0) this.place.open(at)
    this.quotes.goOn()
    if (!this.#window) this.#loading.status = 'loading'
    if (at !== undefined) void this.#openAt(at)
    else if (this.#window && this.#isWhole()) this.#loadPlace()
    else void this.#load()
    this.redraw()
  }

  /** Somebody closed it. What is kept of it in memory is where one was. */
  leave(): void {
    if (--this.holders > 0) return
    this.quotes.rest()
    this.#window &&= keptWindow(this.#window, this.#context.positions.get(this.room)?.seq, keptMessages)
    if (!this.#window) this.#forget()
    this.redraw()
  }

  received(batch: EventBatch): void {
    this.quotes.received(batch)
    if (!this.#window || this.#isStale) return
    if (batch.first > this.#window.at + 1) {
      this.#missed()
      return
    }
    const next = foldWindow(this.#window, batch)
    const kept = this.holders > 0 ? bounded(next) : newest(next, keptMessages)
    // A page that is on its way may end where the window does not begin any more.
    if (kept !== next) this.#turns.next()
    this.#become(kept)
  }

  /** The room's log begins anew after `head`; `known` false: what was read of it does not hold any more. */
  restarted(head: Seq, known: boolean): void {
    this.quotes.forget()
    if (!known) this.#context.cache.forgetWindow(this.room)
    if (!known || this.#window === null || this.#window.at < head) this.#missed()
  }

  /** The room is not, or no longer, one's own: what was loaded of it is wiped. A public one is read as a visitor does. */
  gone(): void {
    this.#context.cache.forgetWindow(this.room)
    this.#forget()
    if (this.holders > 0 && this.#context.replica.state.people.listed.has(this.room)) void this.refresh({})
    else this.#loading.status = 'gone'
    this.redraw()
  }

  /** The connection is back: what could not be read is read. */
  online(): void {
    if (this.holders > 0) this.quotes.goOn()
    if (this.#loading.status === 'gone') return
    if (this.holders > 0 && this.#isStale) {
      this.#turns.dropLate()
      void this.refresh(this.place.page)
    } else this.redraw()
  }

  /** Reads a page in the place of what is loaded, once at a time: what is received meanwhile is merged with it. */
  refresh(page: PageQuery): Promise<CallResult<void>> {
    return this.#turns.refresh(JSON.stringify(page), () => this.#readAnew(page))
  }

  async #readAnew(page: PageQuery): Promise<CallResult<void>> {
    const isNewest = this.#turns.next()
    this.#loading.cancelRetry()
    if (!this.#window) this.#loading.status = 'loading'
    const inTime = this.#turns.time(isNewest)
    const asked = this.#isStale ? readPage : readPatiently
    const read = await asked(this.room, page, this.#context, isNewest, messageWindow => {
      if (!isNewest()) return
      this.#loading.succeed()
      this.#isStale = false
      this.place.know()
      this.#become(messageWindow, page)
    })
    inTime()
    // Another read that took its place tells for both.
    if (!isNewest() || 'ok' in read) return succeeded
    this.#refused('error' in read ? read.error : offline, page)
    return read
  }

  loadBefore(): Promise<void> {
    return this.#page('before')
  }

  loadAfter(): Promise<void> {
    return this.#page('after')
  }

  async jumpTo(message: MessageId): Promise<CallResult<void>> {
    const isLast = this.place.settle()
    for (let tries = 0; tries < 3; tries++) {
      if (!this.#isStale && this.#has(message)) return succeeded
      const read = await this.refresh({ around: message })
      if ('ok' in read && (this.#has(message) || !isLast())) return read
      // Where it is not there though it was read, another read took this one's place: the room began anew.
      if ('ok' in read) continue
      if (this.#isStale) await this.#load()
      return 'error' in read && read.error.code === 'not_found' ? gone : read
    }
    return gone
  }

  /** Loads where the unread messages begin. */
  async jumpToUnread(): Promise<CallResult<void>> {
    this.place.settle()
    const marker = this.#context.markers.of(this.room)
    if (!marker) return gone
    const messageWindow = this.#isStale ? null : this.#window
    const page = pageFor({ is: 'unread', after: marker.read }, messageWindow, this.#context.me)
    return page === null ? succeeded : this.refresh(page)
  }

  async jumpToLatest(): Promise<CallResult<void>> {
    this.place.settle()
    // What could not be read is read when its time has come.
    if (this.#loading.status === 'failed' || (this.#window && !this.#window.after)) return succeeded
    return this.refresh({})
  }

  /** What is to be cached of it, once after each change. */
  toSave(): MessageWindow | null {
    if (this.#isSaved || !this.#window || this.#isStale || this.#window.after) return null
    this.#isSaved = true
    return newest(this.#window, keptMessages)
  }

  /** What is shown has changed. */
  redraw(): void {
    if (this.holders > 0 && this.place.decide()) this.#loadPlace()
    this.#shown = null
    this.listeners.notify()
  }

  /** Where an address leads to nothing, the room opens as if there had been none. */
  async #openAt(message: MessageId): Promise<void> {
    const there = !this.#isStale && this.#has(message)
    if (there || ('ok' in (await this.refresh({ around: message })) && this.#has(message))) this.#loadPlace()
    else if (!this.place.isSettled) {
      this.place.open()
      await this.#load()
    }
  }

  async #load(): Promise<void> {
    const isNewest = this.#turns.next()
    if (!this.#window) {
      const cached = await this.#context.cache.windowOf(this.room)
      if (!isNewest()) return
      if (cached) {
        this.#loading.status = 'ready'
        this.#become(cached)
        this.#isSaved = true
      }
    }
    this.#isStale = !this.#isWhole()
    if (this.#isStale) await this.refresh(this.place.page)
    else this.#loadPlace()
  }

  /** What is there where the room is to open is read, if it is not loaded. */
  #loadPlace(): void {
    const page = this.#isStale ? null : this.place.loaded(this.#window)
    if (page) void this.refresh(page)
    this.#shown = null
  }

  /** Whether the window holds all that was received; a room that is not served here is read anew. */
  #isWhole(): boolean {
    const cursor = this.#context.replica.cursorOf(this.room)
    return this.#window !== null && cursor !== undefined && this.#window.at >= cursor
  }

  #missed(): void {
    this.#isStale = true
    if (this.holders > 0) void this.refresh(this.place.page)
    else this.#forget()
  }

  #forget(): void {
    this.#turns.next()
    this.#loading.reset()
    this.#window = null
    this.#isStale = true
    this.quotes.forget()
  }

  async #page(side: 'before' | 'after'): Promise<void> {
    const at = this.#window?.messages.at(side === 'before' ? 0 : -1)
    if (this.#isStale || !at || !this.#window?.[side]) return
    const join = side === 'before' ? withBefore : withAfter
    const isNewest = this.#turns.current()
    const isWanted = () => isNewest() && !this.#isStale && this.holders > 0
    await this.#turns.page(side, () =>
      readPatiently(this.room, { [side]: at.seq }, this.#context, isWanted, page => {
        if (isWanted() && this.#window) this.#become(join(this.#window, page))
      }),
    )
  }

  #has = (id: MessageId): boolean => this.#window?.messages.some(message => message.id === id) ?? false

  #refused(error: WireError, page: PageQuery): void {
    if (error.code === 'not_found' && page.around === undefined) this.gone()
    if (error.code === 'not_found' || !this.#isStale) return
    this.#loading.fail(error, this.#window !== null, () => this.online())
    this.redraw()
  }

  /** `page`: what was read to come to it. */
  #become(messageWindow: MessageWindow, page?: PageQuery): void {
    if (messageWindow === this.#window) return
    this.#window = messageWindow
    const more = page && this.place.loaded(messageWindow, page)
    if (more) void this.refresh(more)
    this.#isSaved = false
    // What events tell is confirmed by them.
    if (page) this.#context.outbox.confirmMessages(this.room, messageWindow.messages)
    this.#context.cache.changed()
    this.redraw()
  }
}
