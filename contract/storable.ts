/** Bytes of the text in UTF-8. */
export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length

/** U+0000 and lone surrogates cannot be stored everywhere, so they are taken nowhere. */
export const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
