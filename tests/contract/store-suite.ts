import type { Store } from '../../server/core/ports.ts'
import { guardContract } from './store-guards.ts'
import { historyContract } from './store-history.ts'
import { idContract } from './store-ids.ts'
import { keyContract } from './store-keys.ts'
import { logContract } from './store-log.ts'
import { redactionContract } from './store-redaction.ts'
import { roomContract } from './store-rooms.ts'
import { userContract } from './store-users.ts'

/** A store of one's own, empty, that is taken away with all it holds. */
export interface Opened extends AsyncDisposable {
  readonly store: Store
  /** Closes it and opens it again on what it kept. */
  reopen(): Promise<void>
}

export type OpenStore = () => Promise<Opened>

/** What every Store promises. Each adapter calls it from its own test file. */
export function storeContract(name: string, open: OpenStore): void {
  logContract(name, open)
  idContract(name, open)
  guardContract(name, open)
  userContract(name, open)
  roomContract(name, open)
  historyContract(name, open)
  redactionContract(name, open)
  keyContract(name, open)
}
