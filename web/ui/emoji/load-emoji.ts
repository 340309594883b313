import { language } from '../language.ts'
import type { EmojiList } from './emoji-list.ts'
import { readList } from './emoji-list.ts'

let loading: Promise<EmojiList> | null = null

/** The list, loaded on its first use. What did not come is asked for again by the next. */
export function loadEmoji(): Promise<EmojiList> {
  loading ??= Promise.all([import('./listed.ts'), loadWords()]).then(
    ([{ emojiLines }, words]) => readList(emojiLines, words),
    error => {
      loading = null
      throw error
    },
  )
  return loading
}

const loadWords = (): Promise<string> =>
  language === 'de'
    ? import('./listed-de.ts').then(({ germanWords }) => germanWords)
    : import('./listed-en.ts').then(({ englishWords }) => englishWords)
