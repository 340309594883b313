import { keep, kept } from '../shell/keep.ts'
import type { SkinTone } from './skin-tone.ts'
import { skinTones } from './skin-tone.ts'

/** How many are remembered. */
const maxRecent = 24

/** What is shown until something was used. */
const usual = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀']

/** The emoji used last on this device, the last one first, as they were used: in their skin tone. */
export function recentEmoji(): readonly string[] {
  const used = (kept('emoji') ?? '').split(' ').filter(Boolean)
  return used.length >= usual.length ? used : [...new Set([...used, ...usual])].slice(0, usual.length)
}

export function rememberEmoji(char: string): void {
  const used = (kept('emoji') ?? '').split(' ').filter(one => one !== '' && one !== char)
  keep('emoji', [char, ...used].slice(0, maxRecent).join(' '))
}

/** The skin tone chosen on this device. */
export const chosenTone = (): SkinTone => skinTones.find(tone => String(tone) === kept('skin-tone')) ?? 0

export const chooseTone = (tone: SkinTone): void => keep('skin-tone', String(tone))
