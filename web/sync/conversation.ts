import type { WireError } from '../../contract/frames.ts'
import type { MessageId, RoomId, Seq } from '../../contract/ids.ts'
import type { Around } from './around.ts'
import { AtOnce } from './at-once.ts'
import { Backoff } from './backoff.ts'
import type { Heard } from './fold.ts'
import type { Answer, Conversation as Shown } from './model.ts'
import { NewLine } from './new-line.ts'
import type { Page } from './page.ts'
import { readPage } from './page.ts'
import type { Cancel } from './ports.ts'
import { Quotes } from './quotes.ts'
import { rowsOf } from './rows.ts'
import type { Run } from './run.ts'
import { bounded, foldRun, holdsNextOf, newest, withAfter, withBefore } from './run.ts'

/** So many of the newest messages are kept of a room that is closed, in memory and in the cache. */
const keptMessages = 200

/** A read that takes longer than this, ms, is begun anew when the line comes back: its answer may have gone with the one before. */
const lateMs = 5_000

const offline: WireError = { code: 'unavailable', message: 'The server cannot be reached.' }

/** One room's messages: an unbroken run of its history, kept up to date by the room's events, and read anew when some were missed. */
export class Conversation {
  readonly room: RoomId
  readonly quotes: Quotes
  readonly #around: Around
  readonly #listeners = new Set<() => void>()
  #run: Run | null = null
  /** Whether events are missing from the run, so that it is to be read anew. */
  #isStale = true
  #isSaved = true
  #status: Shown['status'] = 'loading'
  #error: WireError | null = null
  /** What the newest read replaces is not to be touched by the ones before it. */
  #turn = 0
  #again: Cancel = () => {}
  readonly #backoff: Backoff
  readonly #refreshing = new AtOnce<boolean>()
  readonly #paging = new AtOnce<Answer<void>>()
  #isLate = false
  readonly #newLine = new NewLine()
  #shown: Shown | null = null
  holders = 0

  constructor(room: RoomId, around: Around) {
    this.room = room
    this.#around = around
    this.#backoff = new Backoff(() => around.random())
    this.quotes = new Quotes(room, around, () => this.redraw())
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get run(): Run | null {
    return this.#run
  }

  /** Whether one hears the room: one is in it. */
  get isServed(): boolean {
    return this.#around.cursor() !== undefined
  }

  /** The seq of the newest message, where it is loaded. */
  get newestLoaded(): Seq | null {
    return this.#run && !this.#isStale && !this.#run.after ? (this.#run.messages.at(-1)?.seq ?? 0) : null
  }

  snapshot(): Shown {
    const run = this.#run
    this.#shown ??= {
      status: this.#status,
      error: this.#error,
      rows: rowsOf(run, run?.after ? [] : this.#around.unsent(run?.at ?? 0)),
      before: run?.before ?? false,
      after: run?.after ?? false,
      newer: run?.newer.length ?? 0,
      newAfter: this.#newLine.after,
      typing: this.#around.typing(),
    }
    return this.#shown
  }

  /** Somebody opened it: shown from memory where it is there and whole, else from the cache and then from the server. */
  enter(at?: MessageId): void {
    if (this.holders++ === 0) this.#newLine.reset()
    this.#newLine.know(this.#around.marker())
    if (!this.#run) this.#status = 'loading'
    if (at !== undefined) void this.jumpTo(at)
    else if (!this.#run || !this.#isWhole()) void this.#load()
    this.redraw()
  }

  /** Somebody closed it. What is kept of it in memory is its newest part. */
  leave(): void {
    if (--this.holders > 0) return
    if (this.#run && !this.#run.after) this.#run = newest(this.#run, keptMessages)
    else this.#forget()
    this.redraw()
  }

  heard(heard: Heard): void {
    this.quotes.heard(heard)
    if (!this.#run || this.#isStale) return
    if (heard.first > this.#run.at + 1) {
      this.#missed()
      return
    }
    const next = foldRun(this.#run, this.room, heard)
    const kept = this.holders > 0 ? bounded(next) : newest(next, keptMessages)
    // A page that is on its way may end where the run does not begin any more.
    if (kept !== next) this.#nextTurn()
    this.#become(kept)
  }

  /** The room's log begins anew after `head`; `known` false: what was read of it does not hold any more. */
  restarted(head: Seq, known: boolean): void {
    this.quotes.forget()
    if (!known) this.#around.forgetCached()
    if (!known || this.#run === null || this.#run.at < head) this.#missed()
  }

  /** The room is not, or no longer, one's own: what was loaded of it is wiped. A public one is read as a visitor does. */
  gone(): void {
    this.#around.forgetCached()
    this.#forget()
    if (this.holders > 0 && this.#around.isListed()) void this.refresh({})
    else this.#status = 'gone'
    this.redraw()
  }

  /** The line is back: what could not be read is read. */
  online(): void {
    this.quotes.online()
    if (this.holders === 0 || !this.#isStale || this.#status === 'gone') return
    if (this.#isLate) this.#nextTurn()
    void this.refresh({})
  }

  /** Reads a page in the place of what is loaded, once at a time: what is heard meanwhile is merged with it. False where there is none. */
  refresh(page: Page): Promise<boolean> {
    return this.#refreshing.do(JSON.stringify(page), () => this.#readAnew(page))
  }

  async #readAnew(page: Page): Promise<boolean> {
    const turn = this.#nextTurn()
    this.#again()
    if (!this.#run) this.#status = 'loading'
    const isNewest = () => turn === this.#turn
    const inTime = this.#around.after(lateMs, () => (this.#isLate = isNewest()))
    const read = await readPage(this.room, page, this.#around, isNewest, run => {
      if (!isNewest()) return
      this.#backoff.worked()
      this.#isStale = false
      this.#status = 'ready'
      this.#error = null
      this.#newLine.know(this.#around.marker())
      this.#become(run)
    })
    inTime()
    if ('ok' in read) return true
    if (!isNewest()) return false
    this.#refused('error' in read ? read.error : offline, page)
    return false
  }

  async loadBefore(): Promise<void> {
    const first = this.#run?.messages[0]
    if (first && this.#run?.before) await this.#page('before', first.seq, withBefore)
  }

  async loadAfter(): Promise<void> {
    const last = this.#run?.messages.at(-1)
    if (last && this.#run?.after) await this.#page('after', last.seq, withAfter)
  }

  async jumpTo(message: MessageId): Promise<boolean> {
    if (!this.#isStale && this.#has(message)) return true
    const found = (await this.refresh({ around: message })) && this.#has(message)
    if (!found && this.#isStale) await this.#load()
    return found
  }

  async jumpToUnread(): Promise<boolean> {
    const read = this.#around.marker()?.read
    if (read === undefined) return false
    if (this.#run && !this.#isStale && holdsNextOf(this.#run, read)) return true
    const first = await this.#around.call('messages.list', { room: this.room, after: read, limit: 1 })
    const message = 'ok' in first ? first.ok.messages[0] : undefined
    return message ? this.jumpTo(message.id) : false
  }

  async jumpToLatest(): Promise<void> {
    // What could not be read is read when its time has come.
    if (this.#status !== 'failed' && (!this.#run || this.#run.after)) await this.refresh({})
  }

  /** The line "new" stands after this seq from now on. */
  setNewAfter(seq: Seq): void {
    this.#newLine.put(seq)
    this.redraw()
  }

  /** What is to be cached of it, once after each change. */
  toSave(): Run | null {
    if (this.#isSaved || !this.#run || this.#isStale || this.#run.after) return null
    this.#isSaved = true
    return newest(this.#run, keptMessages)
  }

  /** What is shown has changed. */
  redraw(): void {
    this.#shown = null
    for (const listener of this.#listeners) listener()
  }

  async #load(): Promise<void> {
    const turn = this.#nextTurn()
    if (!this.#run) {
      const cached = await this.#around.cached()
      if (turn !== this.#turn) return
      if (cached) {
        this.#status = 'ready'
        this.#become(cached)
        this.#isSaved = true
      }
    }
    this.#isStale = !this.#isWhole()
    if (this.#isStale) await this.refresh({})
  }

  /** Whether the run holds all that was heard; a room that is not served here is read anew. */
  #isWhole(): boolean {
    const cursor = this.#around.cursor()
    return this.#run !== null && cursor !== undefined && this.#run.at >= cursor
  }

  #missed(): void {
    this.#isStale = true
    if (this.holders > 0) void this.refresh({})
    else this.#forget()
  }

  #forget(): void {
    this.#nextTurn()
    this.#again()
    this.#run = null
    this.#isStale = true
    this.#status = 'loading'
    this.#error = null
    this.quotes.forget()
  }

  async #page(side: 'before' | 'after', seq: Seq, join: (run: Run, page: Run) => Run): Promise<void> {
    if (this.#isStale) return
    const turn = this.#turn
    const isWanted = () => turn === this.#turn && !this.#isStale
    await this.#paging.do(side, () =>
      readPage(this.room, { [side]: seq }, this.#around, isWanted, page => {
        if (isWanted() && this.#run) this.#become(join(this.#run, page))
      }),
    )
  }

  /** From now on, what was asked for before is not taken any more. */
  #nextTurn(): number {
    this.#refreshing.forget()
    this.#paging.forget()
    this.#isLate = false
    return ++this.#turn
  }

  #has(id: MessageId): boolean {
    return this.#run?.messages.some(message => message.id === id) ?? false
  }

  #refused(error: WireError, page: Page): void {
    if (error.code === 'not_found' && page.around === undefined) this.gone()
    if (error.code === 'not_found' || !this.#isStale) return
    this.#error = error
    if (!this.#run) this.#status = 'failed'
    const ms = this.#backoff.next(error.retryAfter)
    this.#again = this.#around.after(ms, () => this.online())
    this.redraw()
  }

  #become(run: Run): void {
    if (run === this.#run) return
    this.#run = run
    this.#isSaved = false
    for (const { draft } of this.#around.unsent(0)) if (this.#has(draft.id)) this.#around.arrived(draft.id)
    this.#around.changed()
    this.redraw()
  }
}
