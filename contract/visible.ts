/**
 * What leaves no ink, by Unicode's own data: white space, default-ignorable code points (such as U+034F, U+200B, U+3164, variation
 * selectors), controls and format characters, and combining marks, which need something to stand on. U+2800 (a Braille cell without a dot)
 * and U+1D159 (a note without a head) are symbols that are drawn as nothing.
 */
const ink = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Mc}\u2800\u{1d159}]/u

/** Whether somebody who looks at it sees anything. */
export const hasVisible = (text: string): boolean => ink.test(text)
