import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

interface Entry {
  hexcode: string
  emoji: string
  label: string
  tags?: readonly string[]
  order?: number
  group?: number
  skins?: readonly unknown[]
}

type Codes = Readonly<Record<string, string | readonly string[]>>

/** The families of shortcodes, the one whose name is shown first: Slack's, GitHub's and Unicode's own. */
const families = ['iamcal', 'github', 'cldr']

/** Skin tones and hair, which are no emoji by themselves. */
const components = 2

/** The texts that take the place of the empty ones in web/ui/emoji when the page is built. */
export interface EmojiTexts {
  /** A line for each emoji: itself, "+" where it has skin tones, and its shortcodes. A blank line stands between groups. */
  list: string
  /** By language, a line for each emoji in the order of the list: its name, a bar, and the words that it is found by. */
  words: Readonly<Record<'en' | 'de', string>>
}

/** Makes the lists of the picker of the package emojibase-data: its 49 MB come to 47 kB after gzip, and 37 kB for German. */
export function emojiTexts(root: string): EmojiTexts {
  const read = (path: string): unknown =>
    JSON.parse(readFileSync(join(root, 'node_modules', 'emojibase-data', path), 'utf8'))
  const codes = families.map(family => read(`en/shortcodes/${family}.json`) as Codes)
  const entries = (read('en/data.json') as readonly Entry[])
    .filter(({ group }) => group !== undefined && group !== components)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
  const lines = entries.map(({ emoji, hexcode, skins, group }, n) => {
    const gap = n > 0 && entries[n - 1]?.group !== group ? '\n' : ''
    const names = new Set(codes.flatMap(family => family[hexcode] ?? []))
    return `${gap}${fullyQualified(emoji)}${skins ? '+' : ''} ${[...names].join(' ')}`
  })
  const words = (language: string): string => {
    const named = new Map((read(`${language}/data.json`) as readonly Entry[]).map(one => [one.hexcode, one]))
    return entries.map(({ hexcode }) => wordsOf(named.get(hexcode))).join('\n')
  }
  return { list: lines.join('\n'), words: { en: words('en'), de: words('de') } }
}

/** As Unicode recommends it for interchange (UTS 51, RGI): the package puts a variation selector behind all that can have one. */
const fullyQualified = (emoji: string): string =>
  /^\p{RGI_Emoji}$/v.test(emoji) ? emoji : emoji.replaceAll('\ufe0f', '')

function wordsOf(entry: Entry | undefined): string {
  const { label = '', tags = [] } = entry ?? {}
  return `${label}|${tags.filter(tag => !label.includes(tag)).join(' ')}`
}

/** Puts the lists of emoji in place of the empty ones, which are in files of their own since each is loaded on its first use. */
export function emojiLists(root: string): Plugin {
  const folder = join(root, 'web', 'ui', 'emoji').replaceAll('\\', '/')
  return {
    name: 'emoji-lists',
    enforce: 'pre',
    load(id) {
      if (!id.startsWith(`${folder}/listed`)) return null
      const { list, words } = emojiTexts(root)
      const [name, text] = listedAs(id.slice(folder.length + 1), list, words)
      return `export const ${name} = ${JSON.stringify(text)}`
    },
  }
}

/** What a file exports, and what is put there. */
function listedAs(file: string, list: string, { en, de }: EmojiTexts['words']): readonly [string, string] {
  if (file === 'listed.ts') return ['emojiLines', list]
  return file === 'listed-de.ts' ? ['germanWords', de] : ['englishWords', en]
}
