/** The emoji and their shortcodes. scripts/emoji-plugin.ts puts them here when the page is built. */
export const emojiLines = ''
