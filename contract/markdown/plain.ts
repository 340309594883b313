import type { Message } from '../entities.ts'
import { parse, parsePlain } from './parse.ts'
import type { Block, Inline } from './tree.ts'

/** The first letters of a message's text on one line, without its marks, at most `most` UTF-16 units. */
export function plainText(message: Pick<Message, 'text' | 'plain'>, most = 200): string {
  const text = message.text.slice(0, most * 4)
  const words = (message.plain ? parsePlain(text) : parse(text)).map(blockText).join(' ')
  return words.replace(/\s+/g, ' ').trim().slice(0, most)
}

function blockText(block: Block): string {
  switch (block.is) {
    case 'paragraph':
      return block.children.map(inlineText).join('')
    case 'quote':
      return block.children.map(blockText).join(' ')
    case 'list':
      return block.items
        .map((item, n) => [block.marks?.[n] ?? '', ...item.map(blockText)].join(' '))
        .join(' ')
    case 'code':
      return block.text
  }
}

/** The words of a part, without its marks. */
export function inlineText(part: Inline): string {
  switch (part.is) {
    case 'text':
    case 'code':
      return part.text
    case 'break':
      return ' '
    default:
      return part.children.map(inlineText).join('')
  }
}
