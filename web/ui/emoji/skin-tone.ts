/** Fitzpatrick's scale as Unicode has it: none, or light to dark. */
export type SkinTone = 0 | 1 | 2 | 3 | 4 | 5

export const skinTones: readonly SkinTone[] = [0, 1, 2, 3, 4, 5]

/** Who can have a skin tone; not hands that are shaken between two, who have their own. */
const bases = /(?!(?<=\u200d)\u{1f91d})(\p{Emoji_Modifier_Base})\ufe0f?/gu

/** An emoji in a skin tone, all people of it in the same (UTS 51, section 2.4). It must be one that comes in skin tones. */
export const withTone = (char: string, tone: SkinTone): string =>
  tone === 0 ? char : char.replaceAll(bases, `$1${String.fromCodePoint(0x1f3fa + tone)}`)

/** The same without its skin tones. */
export function withoutTone(char: string): string {
  const bare = char.replaceAll(/[\u{1f3fb}-\u{1f3ff}]/gu, '')
  if (bare === char || /^\p{RGI_Emoji}$/v.test(bare)) return bare
  // A tone takes the place of the variation selector that stands there without one.
  return bare.replace(/^\P{M}/u, '$&\ufe0f')
}
