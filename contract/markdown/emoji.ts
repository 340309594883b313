const few = /^(?:\p{RGI_Emoji}\s*){1,6}$/v

/** One to six emoji and nothing else: shown larger. */
export const isEmojiOnly = (text: string): boolean => text.length < 100 && few.test(text.trim())
