import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Files } from '../../core/ports.ts'
import { Unavailable } from '../../core/ports.ts'

const hashForm = /^[0-9a-f]{64}$/
const folderForm = /^[0-9a-f]{2}$/

/**
 * Files in a folder, each under the SHA-256 of its bytes, in 256 folders by its first two digits. Names are made here alone. Bytes are
 * written beside their place, made durable, and then renamed into it: a file of that name is whole, or is not there.
 */
export async function openDiskFiles(directory: string): Promise<Files> {
  const unfinished = join(directory, 'unfinished')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true, mode: 0o700 })

  return {
    ...readDiskFiles(directory),
    put: bytes =>
      told(async () => {
        const hash = createHash('sha256').update(bytes).digest('hex')
        const place = placeOf(directory, hash)
        if (await isThere(place)) return hash
        const draft = join(unfinished, randomUUID())
        await writeDurably(draft, bytes)
        await makeFolder(directory, dirname(place))
        await rename(draft, place)
        await syncFolder(dirname(place))
        return hash
      }),
    remove: hash => told(() => rm(placeOf(directory, hash), { force: true })),
  }
}

/** The same folder to read from, whoever else writes to it: nothing in it is touched. */
export const readDiskFiles = (directory: string): Pick<Files, 'get' | 'list'> => ({
  get: hash => told(() => readFile(placeOf(directory, hash)).catch(absent)),
  list: () => hashesIn(directory),
})

function placeOf(directory: string, hash: string): string {
  if (!hashForm.test(hash)) throw new TypeError('not the name of a file')
  return join(directory, hash.slice(0, 2), hash)
}

async function* hashesIn(directory: string): AsyncIterable<string> {
  for await (const folder of await opendir(directory)) {
    if (!folder.isDirectory() || !folderForm.test(folder.name)) continue
    for await (const file of await opendir(join(directory, folder.name)))
      if (file.isFile() && hashForm.test(file.name)) yield file.name
  }
}

async function writeDurably(place: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(
    place,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0),
    0o600,
  )
  try {
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await rm(place, { force: true })
    throw error
  }
}

/** A new folder's own name is made durable too. */
async function makeFolder(parent: string, folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made !== undefined) await syncFolder(parent)
}

/** Makes a rename durable (POSIX: the directory is what holds the name). Windows knows no such call, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using opened = await open(folder, 'r')
  await opened.sync()
}

const isThere = (place: string): Promise<boolean> =>
  stat(place)
    .then(found => found.isFile(), absent)
    .then(Boolean)

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

/** What the disk refuses is told as the Store tells it. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TypeError) throw error
    const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
    throw new Unavailable('the files cannot be written or read', { cause: error, full })
  }
}
