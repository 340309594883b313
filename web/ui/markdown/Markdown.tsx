import type { ReactNode } from 'react'
import { createElement, Fragment } from 'react'
import { CodeBlock } from './CodeBlock.tsx'
import { isEmojiOnly } from './emoji.ts'
import { parse } from './parse.ts'
import type { Block, Inline } from './tree.ts'
import './Markdown.css'

/**
 * A message's text as elements. No HTML is ever made of it, so there is nothing to sanitise. `after` follows the last letter, such as a
 * word that it was edited.
 */
export function Markdown({ text, after }: { text: string; after?: ReactNode }) {
  const blocks = parse(text)
  const last = blocks.at(-1)
  const flows = last?.is === 'paragraph'
  return (
    <div className="markdown" dir="auto" data-emoji={isEmojiOnly(text) ? '' : undefined}>
      {all(blocks.map(block => blockOf(block, flows && block === last ? after : null)))}
      {!flows && after}
    </div>
  )
}

/** Nodes beside each other. Their order is that of the text, so their place is their key. */
const all = (nodes: readonly ReactNode[]): ReactNode => createElement(Fragment, null, ...nodes)

const inlinesOf = (parts: readonly Inline[]): ReactNode => all(parts.map(inlineOf))

function blockOf(block: Block, after: ReactNode = null): ReactNode {
  switch (block.is) {
    case 'paragraph':
      return (
        <p>
          {inlinesOf(block.children)}
          {after}
        </p>
      )
    case 'quote':
      return <blockquote>{all(block.children.map(child => blockOf(child)))}</blockquote>
    case 'list': {
      const items = all(
        block.items.map(item => createElement('li', null, ...item.map(child => blockOf(child)))),
      )
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>
    }
    case 'code':
      return <CodeBlock text={block.text} />
  }
}

function inlineOf(part: Inline): ReactNode {
  switch (part.is) {
    case 'text':
      return part.text
    case 'break':
      return <br />
    case 'code':
      return <code>{part.text}</code>
    case 'strong':
      return <strong>{inlinesOf(part.children)}</strong>
    case 'emphasis':
      return <em>{inlinesOf(part.children)}</em>
    case 'strike':
      return <del>{inlinesOf(part.children)}</del>
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {inlinesOf(part.children)}
        </a>
      )
  }
}
