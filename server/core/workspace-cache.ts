import type { Epoch } from '../../contract/ids.ts'
import type { Store } from './ports/store.ts'

/** What never changes while the process runs, read once; and whether set-up is done, which changes once. */
export class WorkspaceCache {
  readonly #store: Store
  #fixed: { epoch: Epoch; salt: string } | null = null
  #setUp = false

  constructor(store: Store) {
    this.#store = store
  }

  get setUp(): boolean {
    return this.#setUp
  }

  /** The epoch, and the salt of fingerprints. */
  async fixed(): Promise<{ readonly epoch: Epoch; readonly salt: string }> {
    this.#fixed ??= await this.look()
    return this.#fixed
  }

  /** The workspace as it now is. */
  async look(): Promise<{ epoch: Epoch; salt: string; name: string; setUp: boolean }> {
    const state = await this.#store.workspace()
    this.#setUp = state.setUp
    return { ...state }
  }
}
