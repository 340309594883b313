import { join, resolve } from 'node:path'
import { systemClock } from '../adapters/clock.ts'
import { openDiskFiles, readDiskFiles } from '../adapters/files/disk.ts'
import type { S3Place } from '../adapters/files/s3.ts'
import { openS3Files } from '../adapters/files/s3.ts'
import type { Arrival, Arriving, Departure } from '../adapters/store/copy/ends.ts'
import { readDatabaseUrl } from '../config.ts'
import type { Files } from '../core/ports.ts'

/**
 * Where a workspace is: a PostgreSQL database, with its files in a data directory; or a data directory with everything. With `storage`
 * files are there, and not in the directory.
 */
export type Place = { readonly storage?: S3Place | null } & (
  | { readonly is: 'postgres'; readonly url: string; readonly data: string }
  | { readonly is: 'sqlite'; readonly data: string }
)

/** The place that a word of the command line names: an address of PostgreSQL or a directory. `data`: where such a database's files are. */
export function placeOf(word: string, data: string): Place {
  const url = readDatabaseUrl(word)
  return url ? { is: 'postgres', url, data } : { is: 'sqlite', data: resolve(word) }
}

const filesOf = ({ data }: Place): string => join(data, 'files')

/** Whether both keep their files in one place: where there is storage, there is one. */
export const shareFiles = (a: Place, b: Place): boolean =>
  a.storage && b.storage ? true : filesOf(a) === filesOf(b)

/** Its files to read from, whoever else writes to them. */
export const filesToRead = (place: Place): Pick<Files, 'get' | 'list'> =>
  place.storage ? openS3Files(place.storage, { clock: systemClock }) : readDiskFiles(filesOf(place))

/** Its files to put more into. `folder`: where those go that are kept on a disk. */
export const filesToFill = async ({ storage }: Place, folder: string): Promise<Files> =>
  storage ? openS3Files(storage, { clock: systemClock }) : openDiskFiles(folder)

/** A place as it may be shown. */
export async function shown(place: Place): Promise<string> {
  if (place.is === 'sqlite') return place.data
  const { shownAddress } = await import('../adapters/store/postgres/reach.ts')
  return shownAddress(place.url)
}

/** Its workspace, with no server on it, to be taken to another place. */
export async function leave(place: Place, to: string, now: number): Promise<Departure> {
  if (place.is === 'postgres')
    return (await import('../adapters/store/postgres/departure.ts')).leavePostgres(place.url, to, now)
  return (await import('../adapters/store/sqlite/departure.ts')).leaveSqlite(place.data, to, now)
}

/** Its workspace as it is now, whoever writes to it. */
export async function see(place: Place): Promise<Departure> {
  if (place.is === 'postgres')
    return (await import('../adapters/store/postgres/departure.ts')).seePostgres(place.url)
  return (await import('../adapters/store/sqlite/departure.ts')).seeSqlite(place.data)
}

/** What is being copied there; `null` where it came before. `files`: the folder that files go into. */
export async function arrive(
  place: Place,
  how: Arriving,
): Promise<(Arrival & { readonly files: string }) | null> {
  if (place.is === 'sqlite')
    return (await import('../adapters/store/sqlite/arrival.ts')).arriveSqlite(place.data, how)
  const { arrivePostgres } = await import('../adapters/store/postgres/arrival.ts')
  const arrival = await arrivePostgres(place.url, how)
  return arrival && Object.assign(arrival, { files: filesOf(place) })
}
