import type { Nodes, Parents, Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal'
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough'
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal'
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough'
import { safeHref } from './href.ts'
import type { Block, Inline } from './tree.ts'

/** A chat line is not a document: "# 1", a line of dashes, an indent or a tag is what somebody wrote, not a heading, a rule, code or HTML. */
const notInChat = [
  'headingAtx',
  'setextUnderline',
  'thematicBreak',
  'codeIndented',
  'definition',
  'labelStartImage',
  'htmlFlow',
  'htmlText',
  'characterReference',
]

/** Deeper than this, quotes, lists and emphasis are shown as they were written. */
const deepest = 8

/**
 * Markup beyond this is not read: the parser needs more than linear time for texts that are made to hurt it, and no person writes them.
 * Within these bounds the worst text found takes 0.1 s; without them, 16 KiB of list items alone took 0.6 s.
 */
const mostMarks = 1_500
const mostContainers = 12
const mostLines = 800

/** Reads a message's text. The time is bounded whatever the text is, and the result holds all of its letters. */
export function parse(text: string): readonly Block[] {
  if (isHostile(text)) return [{ is: 'paragraph', children: lines(text) }]
  const root: Root = fromMarkdown(text, {
    extensions: [
      { disable: { null: notInChat } },
      gfmStrikethrough({ singleTilde: false }),
      gfmAutolinkLiteral(),
    ],
    mdastExtensions: [gfmStrikethroughFromMarkdown(), gfmAutolinkLiteralFromMarkdown()],
  })
  return blocks(root, text, 0)
}

function isHostile(text: string): boolean {
  const marks = text.match(/[*_~`[\]<>!]/g)?.length ?? 0
  if (marks > mostMarks) return true
  const written = text.split('\n')
  return written.length > mostLines || written.some(line => containersOf(line) > mostContainers)
}

/** How many quotes and lists a line opens at most. */
function containersOf(line: string): number {
  const start = /^(?:[ \t]|>|[-+*][ \t]|\d{1,9}[.)][ \t])*/.exec(line)?.[0] ?? ''
  return start.match(/>|[-+*]|[.)]/g)?.length ?? 0
}

function blocks(parent: Parents, source: string, depth: number): readonly Block[] {
  return parent.children.map(node => block(node, source, depth))
}

function block(node: Nodes, source: string, depth: number): Block {
  switch (node.type) {
    case 'paragraph':
      return { is: 'paragraph', children: inlines(node, source, depth) }
    case 'code':
      return { is: 'code', text: node.value, language: node.lang ?? null }
    case 'blockquote':
      if (depth >= deepest) return asWritten(node, source)
      return { is: 'quote', children: blocks(node, source, depth + 1) }
    case 'list':
      if (depth >= deepest) return asWritten(node, source)
      return {
        is: 'list',
        start: node.ordered ? (node.start ?? 1) : null,
        items: node.children.map(item => blocks(item, source, depth + 1)),
      }
    default:
      return asWritten(node, source)
  }
}

function inlines(parent: Parents, source: string, depth: number): readonly Inline[] {
  return parent.children.flatMap(node => inline(node, source, depth))
}

function inline(node: Nodes, source: string, depth: number): readonly Inline[] {
  switch (node.type) {
    case 'text':
      return lines(node.value)
    case 'break':
      return [{ is: 'break' }]
    case 'inlineCode':
      return [{ is: 'code', text: node.value }]
    case 'strong':
    case 'emphasis':
    case 'delete': {
      if (depth >= deepest) return lines(written(node, source))
      const is = node.type === 'delete' ? 'strike' : node.type
      return [{ is, children: inlines(node, source, depth + 1) }]
    }
    case 'link': {
      const href = safeHref(node.url)
      return href === null
        ? lines(written(node, source))
        : [{ is: 'link', href, children: inlines(node, source, depth + 1) }]
    }
    default:
      return lines(written(node, source))
  }
}

const written = (node: Nodes, source: string): string =>
  source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0)

const asWritten = (node: Nodes, source: string): Block => ({
  is: 'paragraph',
  children: lines(written(node, source)),
})

/** A line break in a chat is meant: it is kept, where a document would flow on. */
function lines(text: string): readonly Inline[] {
  return text
    .split(/\r\n|\r|\n/)
    .flatMap((line, n): Inline[] => [
      ...(n > 0 ? [{ is: 'break' } as const] : []),
      ...(line === '' ? [] : [{ is: 'text', text: line } as const]),
    ])
}
