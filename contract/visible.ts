/**
 * What leaves no ink, by Unicode's own data: white space, default-ignorable code points (such as U+034F, U+200B, U+3164, variation
 * selectors), controls and format characters, noncharacters, and combining marks, which need something to stand on. U+2800 (a Braille cell without
 * a dot), U+1D159 (a note without a head), U+13441 and U+13442 (blank hieroglyphs) are symbols that are drawn as nothing; U+FFFC stands for an object that is not there.
 */
const ink =
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\p{M}\u2800\ufffc\u{13441}\u{13442}\u{1d159}]/u

/** Whether somebody who looks at it sees anything. */
export const hasVisible = (text: string): boolean => ink.test(text)
