import type { Stats } from 'node:fs'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { limits } from '../../../../contract/limits.ts'
import { ImportRefusal } from './refusal.ts'

/** A picture's bytes, or why there are none, as the end of a sentence that begins with its name. */
export type MediaFile = { readonly bytes: Buffer } | { readonly not: string }

/** The ChatApp's media folder, out of which nothing else is ever read. */
export interface Media {
  picture(path: string): MediaFile
}

export const notAPicture = 'is no JPEG, PNG, WebP, AVIF or GIF, or is broken'

// On Windows there is no O_NOFOLLOW nor O_NONBLOCK; the look at every part of the path stands alone there.
const withoutLinks = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Throws ImportRefusal where there is no such folder. */
export function openMedia(folder: string): Media {
  const there = statSync(folder, { throwIfNoEntry: false })
  if (!there?.isDirectory()) throw new ImportRefusal(`There is no folder ${resolve(folder)}.`)
  const root = realpathSync(folder)
  return { picture: path => readInside(root, path) }
}

/** The parts of a path that the ChatApp wrote, `null` where it might lead anywhere but down. */
export function partsOf(path: string): readonly string[] | null {
  const parts = path.split('/')
  const sound = parts.every(part => part !== '' && part !== '.' && part !== '..' && !/[\\\0:]/.test(part))
  return sound ? parts : null
}

function readInside(root: string, path: string): MediaFile {
  const parts = partsOf(path)
  if (!parts) return { not: 'does not lie in the media folder' }
  const file = join(root, ...parts)
  const link = firstLink(root, parts)
  if (link) return link
  let fd: number
  try {
    fd = openSync(file, withoutLinks)
  } catch {
    return { not: 'cannot be read' }
  }
  try {
    const open = fstatSync(fd)
    // What was looked at may have been swapped before it was opened: what is open must be what is there, reached without a link.
    if (!open.isFile() || !isStill(file, open)) return { not: 'is not an ordinary file' }
    if (open.size > limits.avatarBytes) return { not: 'is larger than 10 MB' }
    return { bytes: readFileSync(fd) }
  } catch {
    return { not: 'cannot be read' }
  } finally {
    closeSync(fd)
  }
}

function firstLink(root: string, parts: readonly string[]): MediaFile | null {
  let at = root
  for (const [index, part] of parts.entries()) {
    at = join(at, part)
    let stats: Stats | undefined
    try {
      stats = lstatSync(at, { throwIfNoEntry: false })
    } catch {
      stats = undefined
    }
    if (!stats) return { not: 'is not in the media folder' }
    if (stats.isSymbolicLink()) return { not: 'is reached through a link' }
    const last = index === parts.length - 1
    if (last ? !stats.isFile() : !stats.isDirectory()) return { not: 'is not an ordinary file' }
  }
  return null
}

function isStill(file: string, open: Stats): boolean {
  const now = lstatSync(file)
  return realpathSync(file) === file && now.ino === open.ino && now.dev === open.dev
}

/** The picture that everybody has who never gave one. */
export const isShared = (path: string): boolean => /(^|\/)default\.\w+$/i.test(path)

/** The path in the media folder of an address as messages carry it: `/media/profile_pics/bob%20b.png`. Empty where it is none. */
export function pathOfAddress(address: string): string {
  const path = address.replace(/^\/media\//, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
