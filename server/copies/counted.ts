/** A count with its word, as people write it: 1 row, 2,345 rows. */
export const counted = (count: number, word: string): string =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`
