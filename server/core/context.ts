import type { UserId } from '../../contract/ids.ts'
import type { Access } from './access.ts'
import type { Identity } from './answer.ts'
import type { Authentication } from './authentication/authentication.ts'
import type { Passwords } from './authentication/passwords.ts'
import type { Random } from './authentication/secrets.ts'
import type { FileStore } from './file-store.ts'
import type { Rates } from './limits/rates.ts'
import type { Writer } from './log/writer.ts'
import type { Stamp } from './operations/users/model.ts'
import type { Clock } from './ports/clock.ts'
import type { Files } from './ports/files.ts'
import type { Log } from './ports/log.ts'
import type { Pictures } from './ports/pictures.ts'
import type { Store } from './ports/store.ts'
import type { WorkspaceCache } from './workspace-cache.ts'

/** What every noun works with. */
export interface OperationContext {
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
  readonly authentication: Authentication
  readonly fileStore: FileStore
  readonly workspace: WorkspaceCache
  /** Whose messages this node is deleting now. */
  readonly purging: Set<UserId>
  /** The code that makes the first owner; null where none can be made. */
  readonly setupCode: string | null
  /** Goes on after the answer; awaited when the core is closed. `stopping` turns true then. */
  background(task: (stopping: () => boolean) => Promise<void>): void
}

/** Who does it, now. */
export const stampOf = (context: OperationContext, who: Pick<Identity, 'user'>): Stamp => ({
  by: who.user,
  at: context.clock.now(),
})
