/** Letters and digits that are not taken for one another when read aloud or from paper. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const groupLength = 5

/** A password to hand over, such as "k7pmx-3rtqa-...": 20 characters out of 31, about 99 bits. */
export function suggestPassword(): string {
  const made: string[] = []
  while (made.length < groups * groupLength) {
    const byte = crypto.getRandomValues(new Uint8Array(1))[0] ?? 255
    // What lies above the last whole multiple would make the first letters likelier.
    const letter = byte < 248 ? letters[byte % letters.length] : undefined
    if (letter !== undefined) made.push(letter)
  }
  return made.join('').replace(/(.{5})(?=.)/g, '$1-')
}
