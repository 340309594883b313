import type { RoomId, UserId } from '../../../../contract/ids.ts'
import type { Change } from '../../../core/log/change.ts'
import { Unavailable } from '../../../core/ports/failures.ts'
import type { Files } from '../../../core/ports/files.ts'
import type { Store } from '../../../core/ports/store.ts'
import type { Present } from './present.ts'
import { nobody, readPresent } from './present.ts'
import { ImportRefusal } from './refusal.ts'

/** Where the import writes, as the import sees it. */
export interface Target {
  /** Of these keys and the plan's, what came with earlier runs. */
  present(identity: string, keys: readonly string[]): Promise<Present>
  imported(identity: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Who is in the room; `null` where there is no such room any more. */
  members(room: RoomId): Promise<ReadonlySet<UserId> | null>
  /** The rooms that everybody is put in. */
  roomsForEveryone(): Promise<readonly RoomId[]>
  /** Whether the workspace has no owner yet. */
  setUpPending(): Promise<boolean>
  keepFile(bytes: Uint8Array): Promise<string>
  commit(change: Change): Promise<void>
}

/** A store and its files. */
export const storeTarget = (store: Store, files: Files): Target => ({
  present: (identity, keys) => readPresent(store, identity, keys),
  imported: (identity, keys) => store.imported(identity, keys),
  members: async room => {
    const there = (await store.rooms(nobody, 'all')).rooms.some(({ id }) => id === room)
    return there ? new Set((await store.memberIds(room)).users) : null
  },
  roomsForEveryone: () => store.roomsForEveryone(),
  setUpPending: async () => !(await store.workspace()).setUp,
  keepFile: bytes => files.put(bytes),
  commit: change => commit(store, change),
})

/** The same, but nothing is written. */
export const dry = (target: Target): Target => ({
  ...target,
  keepFile: async () => '',
  commit: async () => {},
})

async function commit(store: Store, change: Change): Promise<void> {
  try {
    const outcome = await store.commit(change)
    if (outcome.is !== 'done')
      throw new Error(`The store did not take what was planned: ${JSON.stringify(outcome)}`)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    const why = error.full ? 'The disk is full' : 'The data directory cannot be written to'
    throw new ImportRefusal(
      `${why}. What was written stays; make room, and run the same command again to go on.`,
      { cause: error },
    )
  }
}
