import { fdatasyncSync, readSync, writeSync } from 'node:fs'
import type { Database, Statement } from 'better-sqlite3'

/** Takes from the database file what deleting leaves behind. */
export interface Scrubber {
  /** Something was removed in the transaction that is open. */
  removed(): void
  /** Remembers that in the transaction, so that a crash does not forget it. */
  flush(): void
  /** Goes a bounded part of the way; whether there is more to go. Never inside a transaction. */
  step(): boolean
  /** Whether something was removed that may still be found in the file. */
  readonly isDue: boolean
}

/** Some ten milliseconds of the thread. */
const stepBytes = 8 * 1024 * 1024
/** How long senders stand still for a reader to leave its snapshot: a backup stays in its own for minutes, and the next try comes. */
const settleMs = 50
/** Below this many pages no page but one of a B-tree begins with one of its types: others begin with a page number. */
const mostPages = 0x02_00_00_00

/**
 * SQLite's `secure_delete` overwrites a row where it is deleted. But rows move when their page is split or joined with another, and what
 * a page then holds between its cell pointers and its cells are copies that no deletion ever finds (about one row of a hundred, measured).
 * Nothing reads that gap, so it is overwritten with zeros in the file itself: after a checkpoint that empties the log, with no page kept
 * in the writer's cache that could bring it back, by the only thread that writes. Readers never look at a gap.
 *
 * `file` is a descriptor of the database file that nobody closes before SQLite has: closing one gives up the locks of the whole process.
 * The layout is the file format's, sections 1.3 and 1.6 (B-tree pages, https://www.sqlite.org/fileformat2.html).
 */
export class FileScrubber implements Scrubber {
  readonly #db: Database
  readonly #file: number
  readonly #pageSize: number
  readonly #remember: Statement<[number]>
  readonly #pages = Buffer.alloc(stepBytes)
  #isDue: boolean
  /** Something was removed since the pass began. */
  #isNew = false
  /** Something was removed in the transaction that is open. */
  #isHere = false
  /** Where the pass goes on; 0 between passes. */
  #at = 0

  constructor(db: Database, file: number) {
    this.#db = db
    this.#file = file
    this.#pageSize = Number(db.pragma('page_size', { simple: true }))
    this.#remember = db.prepare('UPDATE workspace SET unscrubbed = ?')
    this.#isDue = db.prepare('SELECT unscrubbed FROM workspace').pluck().get() === 1
  }

  get isDue(): boolean {
    return this.#isDue
  }

  removed(): void {
    this.#isHere = true
  }

  flush(): void {
    if (!this.#isHere) return
    this.#remember.run(1)
    this.#isHere = false
    this.#isDue = true
    this.#isNew = true
  }

  step(): boolean {
    if (!this.#isDue || !canScrub(this.#db) || !this.#settle()) return false
    if (this.#at === 0) this.#isNew = false
    const read = readSync(this.#file, this.#pages, 0, stepBytes, this.#at)
    clearGaps(this.#pages.subarray(0, read), this.#pageSize, this.#at, (zeros, position) => {
      writeSync(this.#file, zeros, 0, zeros.length, position)
    })
    this.#at += read
    if (read === stepBytes) return true
    this.#finish()
    return false
  }

  /** Everything committed is in the file itself, and no page of it is kept in memory. */
  #settle(): boolean {
    const busyMs = Number(this.#db.pragma('busy_timeout', { simple: true }))
    this.#db.pragma(`busy_timeout = ${settleMs}`)
    const [state] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    this.#db.pragma(`busy_timeout = ${busyMs}`)
    this.#db.pragma('shrink_memory')
    return state?.busy === 0
  }

  #finish(): void {
    fdatasyncSync(this.#file)
    this.#at = 0
    this.#isDue = this.#isNew
    this.#remember.run(this.#isDue ? 1 : 0)
  }
}

const canScrub = (db: Database): boolean =>
  Number(db.pragma('page_count', { simple: true })) < mostPages &&
  db.pragma('auto_vacuum', { simple: true }) === 0

/** Finds the gaps that are not clear, and has zeros written over each. The first page of the file is the schema's: no text is in it. */
function clearGaps(
  pages: Buffer,
  pageSize: number,
  position: number,
  write: (zeros: Buffer, position: number) => void,
): void {
  const zeros = Buffer.alloc(pageSize)
  for (let at = position === 0 ? pageSize : 0; at + pageSize <= pages.length; at += pageSize) {
    const [from, to] = gapOf(pages.subarray(at, at + pageSize))
    const clear = zeros.subarray(0, to - from)
    if (!pages.subarray(at + from, at + to).equals(clear)) write(clear, position + at + from)
  }
}

/** Types of a B-tree page, and the length of their headers. */
const headers: Readonly<Record<number, number>> = { 2: 12, 5: 12, 10: 8, 13: 8 }

/** From the end of the cell pointers to the first cell; nothing of a page that is none of a B-tree. */
function gapOf(page: Buffer): [number, number] {
  const header = headers[page.readUInt8(0)]
  if (header === undefined) return [0, 0]
  const from = header + 2 * page.readUInt16BE(3)
  const to = page.readUInt16BE(5)
  return from < to && to <= page.length ? [from, to] : [0, 0]
}
