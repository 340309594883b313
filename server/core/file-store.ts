import { fingerprintOf } from './authentication/secrets.ts'
import { Semaphore } from './limits/semaphore.ts'
import type { Clock } from './ports/clock.ts'
import { Unavailable } from './ports/failures.ts'
import type { Files } from './ports/files.ts'
import type { Log } from './ports/log.ts'
import type { Store } from './ports/store.ts'

/** As long as another node may take from putting bytes to naming them by a row, and as clocks may differ, many times over. */
const settledMs = 60 * 60_000

/**
 * Files come and go here one after the other, so that bytes are never taken away between being put and being named by a row of this
 * node. A file row exists only when its bytes do; bytes without a row are taken away, unless another workspace puts its files in the same
 * place: what no row of ours names may be theirs.
 */
export class FileStore {
  readonly #files: Files
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  readonly #turns = new Semaphore(1, 1_000)
  #isMarked = false

  constructor(parts: { files: Files; store: Store; clock: Clock; log: Log }) {
    this.#files = parts.files
    this.#store = parts.store
    this.#clock = parts.clock
    this.#log = parts.log
  }

  /** Puts each, then lets `name` write the rows that name them. */
  put<T>(
    bytes: Readonly<Record<number, Uint8Array>>,
    name: (hashes: Record<number, string>) => Promise<T>,
  ): Promise<T> {
    return this.#turns.run(async () => {
      if (!this.#isMarked) await this.#mark()
      const hashes: Record<number, string> = {}
      for (const [side, of] of Object.entries(bytes)) hashes[Number(side)] = await this.#files.put(of)
      const named = await name(hashes)
      // Another node may have taken away, for want of a row, what was put and not named yet.
      for (const of of Object.values(bytes)) await this.#files.put(of)
      return named
    })
  }

  /** Takes away those of these files that no row names. */
  collect(hashes: readonly string[]): Promise<void> {
    return this.#turns.run(async () => {
      if (hashes.length === 0) return
      const unused = await this.#store.unusedFiles(hashes)
      if (unused.length === 0 || (await this.#others()).length > 0) return
      for (const hash of unused) await this.#remove(hash)
    })
  }

  /** Another node may have named it by a row meanwhile, after it looked whether the bytes were there: then they come back. */
  async #remove(hash: string): Promise<void> {
    const bytes = await this.#files.get(hash).catch(nothingOfDamaged)
    await this.#files.remove(hash)
    const unused = await this.#store.unusedFiles([hash])
    if (bytes && unused.length === 0) await this.#files.put(bytes)
  }

  /** Takes away every file that no row names and that was not put just now: what a crash left between bytes and row. */
  async sweep(): Promise<void> {
    await this.#mark()
    const others = await this.#others()
    if (others.length > 0) return this.#log.warn({ own: await this.#ownMark(), others }, shared)
    let page: string[] = []
    for await (const { hash, at } of this.#files.list()) {
      if (this.#clock.now() - at < settledMs) continue
      page.push(hash)
      if (page.length < 500) continue
      await this.collect(page)
      page = []
    }
    await this.collect(page)
  }

  /** What this workspace is known by where its files are. It follows from the salt, which stays when it is moved or restored. */
  async #ownMark(): Promise<string> {
    return fingerprintOf((await this.#store.workspace()).salt, ['files'])
  }

  async #mark(): Promise<void> {
    await this.#files.mark(await this.#ownMark())
    this.#isMarked = true
  }

  /** The marks of other workspaces. */
  async #others(): Promise<string[]> {
    const own = await this.#ownMark()
    return (await this.#files.marks()).filter(mark => mark !== own)
  }
}

const shared =
  'Another workspace keeps its files where ours are, so none is taken away. Give each a directory or a CONFAB_S3_PREFIX of its own.'

/** What is damaged cannot be brought back, and is no loss. */
function nothingOfDamaged(error: unknown): null {
  if (error instanceof Unavailable && error.damaged) return null
  throw error
}
