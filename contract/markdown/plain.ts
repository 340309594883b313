import type { Message } from '../entities.ts'
import type { UserId } from '../ids.ts'
import { parse, parsePlain } from './parse.ts'
import type { Block, Inline } from './tree.ts'

/** How somebody who is called is written, by their id. */
export type MentionText = (user: UserId) => string

const unknown: MentionText = () => '@unknown'

/** What stands for a spoiler: as long for each, so that it tells nothing. */
const hidden = '■■■'

interface Writing {
  mention: MentionText
  /** What stands for a spoiler; `null`: its words. */
  spoiler: string | null
}

/**
 * The first letters of a message's text on one line, without its marks, at most `most` UTF-16 units: for quotes, notifications and whoever is
 * read to. What a spoiler hides is not in it.
 */
export function plainText(
  message: Pick<Message, 'text' | 'plain'>,
  most = 200,
  mention: MentionText = unknown,
): string {
  // A spoiler whose end is cut off would be none.
  const text = message.text.includes('||') ? message.text : message.text.slice(0, most * 4)
  const how = { mention, spoiler: hidden }
  const blocks = message.plain ? parsePlain(text) : parse(text)
  const words = blocks.map(block => blockText(block, how)).join(' ')
  return words.replace(/\s+/g, ' ').trim().slice(0, most)
}

function blockText(block: Block, how: Writing): string {
  const all = (blocks: readonly Block[]) => blocks.map(child => blockText(child, how)).join(' ')
  const words = (parts: readonly Inline[]) => parts.map(part => writtenAs(part, how)).join('')
  switch (block.is) {
    case 'paragraph':
      return words(block.children)
    case 'quote':
      return all(block.children)
    case 'list':
      return block.items.map((item, n) => `${beforeItem(block, n)} ${all(item)}`).join(' ')
    case 'code':
      return block.text
    case 'table':
      return block.rows.map(row => row.map(words).join(' ')).join(' ')
  }
}

function beforeItem({ marks, tasks }: Extract<Block, { is: 'list' }>, n: number): string {
  const task = tasks?.[n] ?? null
  return task === null ? (marks?.[n] ?? '') : `${marks?.[n] ?? ''} ${task ? '☑' : '☐'}`
}

/** The words of a part, without its marks. */
export const inlineText = (part: Inline, mention: MentionText): string =>
  writtenAs(part, { mention, spoiler: null })

function writtenAs(part: Inline, how: Writing): string {
  switch (part.is) {
    case 'text':
    case 'code':
      return part.text
    case 'break':
      return ' '
    case 'mention':
      return how.mention(part.user)
    default:
      return part.is === 'spoiler' && how.spoiler !== null
        ? how.spoiler
        : part.children.map(child => writtenAs(child, how)).join('')
  }
}
