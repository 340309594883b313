import unhomoglyph from 'unhomoglyph'

const looks = (text: string): string => unhomoglyph(text.normalize('NFD')).normalize('NFD')

/**
 * What a name looks like: names with equal skeletons cannot be told apart (UTS 39, section 4, by Unicode's table of confusables). What is not
 * drawn is left out, white space is one space, and case is folded after the first look and not before, since it is the capitals of one
 * script that look like those of another. For comparing only: "m" becomes "rn".
 */
export function skeletonOf(name: string): string {
  const drawn = name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
  return looks(looks(drawn).toLowerCase())
}
