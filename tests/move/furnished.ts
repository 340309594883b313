import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../server/adapters/clock.ts'
import { openDiskFiles } from '../../server/adapters/files/disk.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { backUp } from '../../server/copies/backup.ts'
import { CannotCopy } from '../../server/copies/cannot-copy.ts'
import type { Place } from '../../server/copies/places.ts'
import { restore } from '../../server/copies/restore.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import type { WorkspaceState } from '../../server/core/ports/store.ts'
import { fill, readingsOf, unwatched } from '../support/copies.ts'

let now = 1_900_000_000_000
/** Each a second after the last. */
export const nextInstant = (): number => (now += 1_000)

export const open = (directory: string) => openSqliteStore({ directory, clock: systemClock })
export const backed = (from: Place, to: string, keep: number | null = null) =>
  backUp(from, { to, keep, now: nextInstant, watch: unwatched })
export const restored = (backup: string, to: Place, replace = false) =>
  restore(backup, { to, replace, now: nextInstant(), watch: unwatched })
/** A sentence for the operator with these words in it. */
export const refusedWith = (words: RegExp) => (error: unknown) =>
  (error instanceof CannotOpen || error instanceof CannotCopy) && words.test(error.message)

/** A data directory with something in every table; answers what is read there. */
export async function furnished(data: string): Promise<unknown> {
  await mkdir(data, { recursive: true })
  await using store = await open(data)
  await fill(store, await openDiskFiles(join(data, 'files')))
  return await readingsOf(store)
}

export async function readings(data: string): Promise<{ workspace: WorkspaceState }> {
  await using store = await open(data)
  return (await readingsOf(store)) as { workspace: WorkspaceState }
}

/** The same but for the epoch, which is another. */
export function sameButEpoch(before: unknown, after: { workspace: WorkspaceState }): void {
  const { epoch } = (before as { workspace: WorkspaceState }).workspace
  assert.notEqual(after.workspace.epoch, epoch)
  const snapshots = JSON.stringify(after).replaceAll(after.workspace.epoch, epoch)
  assert.equal(snapshots, JSON.stringify(before))
}
