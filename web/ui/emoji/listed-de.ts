/** The names of the emoji in German, and the words that they are found by. scripts/emoji-plugin.ts puts them here when the page is built. */
export const germanWords = ''
