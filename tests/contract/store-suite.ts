import type { OpenStore } from '../support/opened-store.ts'
import { guardContract } from './store-guards.ts'
import { historyContract } from './store-history.ts'
import { idContract } from './store-ids.ts'
import { keyContract } from './store-keys.ts'
import { logContract } from './store-log.ts'
import { overseenContract } from './store-overseen.ts'
import { redactionContract } from './store-redaction.ts'
import { roomContract } from './store-rooms.ts'
import { userContract } from './store-users.ts'

/** What every Store promises. Each adapter calls it from its own test file. */
export function storeContract(name: string, open: OpenStore): void {
  logContract(name, open)
  idContract(name, open)
  guardContract(name, open)
  userContract(name, open)
  roomContract(name, open)
  historyContract(name, open)
  overseenContract(name, open)
  redactionContract(name, open)
  keyContract(name, open)
}
