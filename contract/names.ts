/**
 * Names equal after this are one name: NFKC (UAX #15), then full case folding, which upper-casing first comes closest to in
 * JavaScript ("Straße" and "STRASSE" are one).
 */
export const foldName = (name: string): string =>
  name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')

/**
 * The form of a room's name in an address: folded, its runs of anything but letters, marks and digits turned into one hyphen. It decorates the
 * address and is nobody's alone: '' for a name of emoji, the same for "C++" and "C#".
 */
export const slugOf = (name: string): string =>
  foldName(name)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')

/** What the names of one address have in common: the form of the name in it, and where that is empty, the folded name. */
export const addressOf = (name: string): string => slugOf(name) || foldName(name)
