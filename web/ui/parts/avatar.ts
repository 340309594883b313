import type { AvatarId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'

/** How many colours Avatar.css has for people without a picture. */
export const hues = 6

/** The colour that stands for somebody, 0 to `hues` - 1: always the same for the same id. */
export function hueOf(id: string): number {
  // FNV-1a, its bits mixed once more: ids that were made one after the other differ in a few digits only.
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 13)) >>> 0) % hues
}

/** One or two letters for somebody: of the first and last word of the name. A deleted person has none, and gets a dash. */
export function initialsOf(user: { displayName: string; username: string } | undefined): string {
  const words = (user?.displayName || user?.username || '')
    .split(/[\s._-]+/u)
    .filter(word => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  if (first === undefined) return '–'
  const last = words.length > 1 ? words[words.length - 1] : undefined
  return `${firstLetter(first)}${last === undefined ? '' : firstLetter(last)}`.toLocaleUpperCase()
}

const firstLetter = (word: string): string => /[\p{L}\p{N}]\p{M}*/u.exec(word)?.[0] ?? ''

/** Where the picture is had, in the smallest kept size that is sharp on a screen of two device pixels a CSS pixel. */
export function avatarUrl(avatar: AvatarId, size: number): string {
  const kept = [...limits.avatarSizes].sort((a, b) => a - b)
  return `/files/${avatar}/${kept.find(side => side >= size * 2) ?? limits.avatarSide}.webp`
}
