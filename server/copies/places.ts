import { join } from 'node:path'
import { systemClock } from '../adapters/clock.ts'
import { openDiskFiles, readDiskFiles } from '../adapters/files/disk.ts'
import type { S3Place } from '../adapters/files/s3.ts'
import { openS3Files } from '../adapters/files/s3.ts'
import type { CopySource, CopyTarget, CopyTargetOptions } from '../adapters/store/copy/copy.ts'
import { pathOf, readDatabaseUrl } from '../config.ts'
import type { Files } from '../core/ports/files.ts'

/** Where files are kept. Two that are `at` the same are the same. */
export interface FilesPlace {
  readonly at: string
  /** To read from, whoever else writes there. */
  readonly read: Pick<Files, 'get'>
  open(): Promise<Files>
}

/** Where a workspace is: a PostgreSQL database or a data directory. Its files are in the data directory, unless it says where. */
export type Place = { readonly data: string; readonly files?: FilesPlace } & (
  | { readonly is: 'postgres'; readonly url: string }
  | { readonly is: 'sqlite' }
)

/** The place that a word of the command line names: an address of PostgreSQL or a directory. `data`: where such a database's files are. */
export function placeOf(word: string, data: string): Place {
  const url = readDatabaseUrl(word)
  return url ? { is: 'postgres', url, data } : { is: 'sqlite', data: pathOf(word) }
}

export const filesOf = ({ data, files }: Place): FilesPlace => files ?? onDisk(join(data, 'files'))

/** Files in a folder. */
export const onDisk = (at: string): FilesPlace => ({
  at,
  read: readDiskFiles(at),
  open: () => openDiskFiles(at),
})

/** Files on S3-compatible storage: two places that have it have the same. */
export const onStorage = (storage: S3Place): FilesPlace => {
  const files = openS3Files(storage, { clock: systemClock })
  return {
    at: `${storage.s3Endpoint} ${storage.s3Bucket} ${storage.s3Prefix}`,
    read: files,
    open: async () => files,
  }
}

/** A place as it may be shown. */
export async function shown(place: Place): Promise<string> {
  if (place.is === 'sqlite') return place.data
  const { shownAddress } = await import('../adapters/store/postgres/admin-connection.ts')
  return shownAddress(place.url)
}

/** Its workspace, with no server on it, to be taken to another place. */
export async function leave(place: Place, to: string, now: number): Promise<CopySource> {
  if (place.is === 'postgres')
    return (await import('../adapters/store/postgres/copy-source.ts')).openPostgresSource(place.url, to, now)
  return (await import('../adapters/store/sqlite/copy-source.ts')).openSqliteSource(place.data, to, now)
}

/** Its workspace as it is now, whoever writes to it. */
export async function see(place: Place): Promise<CopySource> {
  if (place.is === 'postgres')
    return (await import('../adapters/store/postgres/copy-source.ts')).viewPostgresSource(place.url)
  return (await import('../adapters/store/sqlite/copy-source.ts')).viewSqliteSource(place.data)
}

/** What is being copied there; `null` where it came before. `files`: where those that come along are put. */
export async function arrive(
  place: Place,
  how: CopyTargetOptions,
): Promise<(CopyTarget & { readonly files: FilesPlace }) | null> {
  if (place.is === 'postgres') {
    const { openPostgresTarget } = await import('../adapters/store/postgres/copy-target.ts')
    const target = await openPostgresTarget(place.url, how)
    return target && { ...target, files: filesOf(place) }
  }
  const { openSqliteTarget } = await import('../adapters/store/sqlite/copy-target.ts')
  const target = await openSqliteTarget(place.data, how)
  return target && { ...target, files: place.files ?? onDisk(target.files) }
}
