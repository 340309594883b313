import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, opendir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CannotOpen, Unavailable } from '../../core/ports/failures.ts'
import type { Files } from '../../core/ports/files.ts'
import { notWritten } from '../reason.ts'
import { bytesOfMark, markForm, markOfName, nameOfMark } from './marks.ts'
import { assertNameOfFile, Damaged, fileForm, verified } from './verified.ts'

const folderForm = /^[0-9a-f]{2}$/
const abandonedMs = 60 * 60_000

/**
 * Files in a folder, each under the SHA-256 of its bytes, in 256 folders by its first two digits. Names are made here alone. Bytes are
 * written beside their place, made durable, and then renamed into it: a file of that name is whole, or is not there. Nodes on one machine
 * may share the folder.
 * @throws CannotOpen where the folder is not to be had.
 */
export async function openDiskFiles(directory: string): Promise<Files> {
  const unfinished = join(directory, 'unfinished')
  await mkdir(unfinished, { recursive: true, mode: 0o700 }).catch(cause => {
    throw new CannotOpen(`The folder ${directory} cannot be made or written to: ${notWritten(cause)}.`, {
      cause,
    })
  })
  await clear(unfinished)
  const lay = async (place: string, bytes: Uint8Array) => {
    if (await isFresh(place)) return
    const draft = join(unfinished, randomUUID())
    await writeDurably(draft, bytes)
    await makeFolder(directory, dirname(place))
    await rename(draft, place)
    await syncFolder(dirname(place))
  }

  return {
    ...readDiskFiles(directory),
    put: bytes =>
      orUnavailable(async () => {
        const hash = createHash('sha256').update(bytes).digest('hex')
        await lay(placeOf(directory, hash), bytes)
        return hash
      }),
    mark: mark => orUnavailable(() => lay(join(directory, nameOfMark(mark)), bytesOfMark)),
    remove: hash => orUnavailable(() => rm(placeOf(directory, hash), { force: true })),
  }
}

/** The same folder to read from, whoever else writes to it: nothing in it is touched. */
export const readDiskFiles = (directory: string): Pick<Files, 'get' | 'list' | 'marks'> => ({
  get: hash =>
    orUnavailable(async () => {
      const bytes = await readFile(placeOf(directory, hash)).catch(absent)
      return bytes && verified(hash, bytes)
    }),
  list: () => filesIn(directory),
  marks: () =>
    orUnavailable(async () => {
      const names = (await readdir(directory).catch(absent)) ?? []
      return names.filter(name => markForm.test(name)).map(markOfName)
    }),
})

function placeOf(directory: string, hash: string): string {
  assertNameOfFile(hash)
  return join(directory, hash.slice(0, 2), hash)
}

/** Takes away drafts that nobody can still be writing. A young one may be that of another node on the same folder. */
async function clear(unfinished: string): Promise<void> {
  for (const name of await readdir(unfinished)) {
    const draft = join(unfinished, name)
    const found = await stat(draft).catch(absent)
    if (found && Date.now() - found.mtimeMs > abandonedMs) await rm(draft, { force: true })
  }
}

async function* filesIn(directory: string): AsyncIterable<{ hash: string; at: number }> {
  try {
    for (const folder of await readdir(directory)) {
      if (!folderForm.test(folder)) continue
      for await (const file of await opendir(join(directory, folder))) {
        if (!file.isFile() || !fileForm.test(file.name)) continue
        const found = await stat(join(directory, folder, file.name)).catch(absent)
        if (found) yield { hash: file.name, at: found.mtimeMs }
      }
    }
  } catch (error) {
    throw asUnavailable(error)
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

/** Whether the file is there already; it is then as one that was put just now. */
async function isFresh(place: string): Promise<boolean> {
  const now = new Date()
  return utimes(place, now, now)
    .then(() => true, absent)
    .then(Boolean)
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

/** What the disk refuses is told as the Store tells it. */
async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asUnavailable(error)
  }
}

function asUnavailable(error: unknown): unknown {
  if (error instanceof TypeError) return error
  const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
  const damaged = error instanceof Damaged
  return new Unavailable('the files cannot be written or read', { cause: error, full, damaged })
}
