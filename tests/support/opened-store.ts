import type { Store } from '../../server/core/ports/store.ts'

/** A store of one's own, empty, that is taken away with all it holds. */
export interface Opened extends AsyncDisposable {
  readonly store: Store
  /** Closes it and opens it again on what it kept. */
  reopen(): Promise<void>
}

export type OpenStore = () => Promise<Opened>
