/**
 * Stands in for the package `decode-named-character-reference` in the page (vite.config.ts). Its browser form writes to `innerHTML`, which
 * Trusted Types forbids. A chat line has no character references: `&copy;` is what somebody wrote, in a link's address too.
 */
export const decodeNamedCharacterReference = (): false => false
