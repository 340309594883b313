import type { Files, Store } from './ports.ts'
import { Turns } from './turns.ts'

/**
 * Files come and go here one after the other, so that bytes are never taken away between being put and being named by a row. A file row
 * exists only when its bytes do; bytes without a row are taken away.
 */
export class Shelf {
  readonly #files: Files
  readonly #store: Store
  readonly #turns = new Turns(1, 1_000)

  constructor(parts: { files: Files; store: Store }) {
    this.#files = parts.files
    this.#store = parts.store
  }

  /** Puts each, then lets `name` write the rows that name them. */
  put<T>(
    bytes: Readonly<Record<number, Uint8Array>>,
    name: (hashes: Record<number, string>) => Promise<T>,
  ): Promise<T> {
    return this.#turns.run(async () => {
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
      for (const hash of await this.#store.unusedFiles(hashes)) await this.#remove(hash)
    })
  }

  /** Another node may have named it by a row meanwhile, after it looked whether the bytes were there: then they come back. */
  async #remove(hash: string): Promise<void> {
    const bytes = await this.#files.get(hash)
    await this.#files.remove(hash)
    const unused = await this.#store.unusedFiles([hash])
    if (bytes && unused.length === 0) await this.#files.put(bytes)
  }

  /** Takes away every file that no row names: what a crash left between bytes and row. */
  async sweep(): Promise<void> {
    let page: string[] = []
    for await (const hash of this.#files.list()) {
      page.push(hash)
      if (page.length < 500) continue
      await this.collect(page)
      page = []
    }
    await this.collect(page)
  }
}
