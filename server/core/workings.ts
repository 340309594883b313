import type { UserId } from '../../contract/ids.ts'
import type { Access } from './access.ts'
import type { Identity } from './answer.ts'
import type { Keys } from './keys.ts'
import type { Workspace } from './known-workspace.ts'
import type { Passwords } from './passwords.ts'
import type { Stamp } from './people.ts'
import type { Pictures } from './ports/pictures.ts'
import type { Clock, Files, Log, Store } from './ports.ts'
import type { Rates } from './rates.ts'
import type { Random } from './secrets.ts'
import type { Shelf } from './shelf.ts'
import type { Writer } from './writer.ts'

/** What every noun works with. */
export interface Workings {
  readonly store: Store
  readonly writer: Writer
  readonly files: Files
  readonly pictures: Pictures
  readonly clock: Clock
  readonly log: Log
  readonly random: Random
  readonly access: Access
  readonly passwords: Passwords
  readonly rates: Rates
  readonly keys: Keys
  readonly shelf: Shelf
  readonly workspace: Workspace
  /** Whose messages this node is deleting now. */
  readonly purging: Set<UserId>
  /** The code that makes the first owner; null where none can be made. */
  readonly setupCode: string | null
  /** Goes on after the answer; awaited when the core is closed. `stopping` turns true then. */
  background(task: (stopping: () => boolean) => Promise<void>): void
}

/** Who does it, now. */
export const stampOf = (w: Workings, who: Pick<Identity, 'user'>): Stamp => ({
  by: who.user,
  at: w.clock.now(),
})
