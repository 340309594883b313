/** Bytes of the text in UTF-8. */
export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length

/** U+0000 and lone surrogates cannot be stored everywhere, so they are taken nowhere. */
export const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** How many UTF-16 code units have to go from the end of a text, whole characters at a time, so that at most `most` bytes of UTF-8 are left. */
export function charactersOver(text: string, most: number): number {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(most))
  return text.length - read
}
