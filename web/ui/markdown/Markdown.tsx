import type { ReactNode } from 'react'
import { createElement, Fragment, useEffect, useState } from 'react'
import { directionOf } from '../../../contract/markdown/direction.ts'
import { isEmojiOnly } from '../../../contract/markdown/emoji.ts'
import type { hiddenHost } from '../../../contract/markdown/hidden-host.ts'
import { parse, parsePlain } from '../../../contract/markdown/parse.ts'
import { inlineText } from '../../../contract/markdown/plain.ts'
import { withTaskTurned } from '../../../contract/markdown/tasks.ts'
import type { Block, Inline } from '../../../contract/markdown/tree.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { useTabStop } from '../parts/tab-stops.ts'
import { CodeBlock } from './CodeBlock.tsx'
import type { FormattedTextProps } from './FormattedText.tsx'
import { ListBlock, numbersOf, Tasks } from './ListBlock.tsx'
import { Mention } from './Mention.tsx'
import { mentionText } from './mention-text.ts'
import { Spoiler } from './Spoiler.tsx'
import { TableBlock } from './TableBlock.tsx'

/**
 * A message's text as elements. No HTML is ever made of it, so there is nothing to sanitise. Each block has the direction of its own first
 * letter. A text in which nothing can be seen says so: no row is blank.
 */
export function Markdown({ text, plain = false, after, onChange }: FormattedTextProps) {
  const blocks = plain ? parsePlain(text) : parse(text)
  const last = blocks.at(-1)
  const flows = last?.is === 'paragraph'
  return (
    <div className="markdown" data-emoji={isEmojiOnly(text) ? '' : undefined}>
      {blocks.length === 0 && <i>{m.chat_message_empty()}</i>}
      <Tasks
        value={{ numbers: numbersOf(blocks), turn: onChange && (nth => onChange(withTaskTurned(text, nth))) }}
      >
        {all(blocks.map(block => blockOf(block, flows && block === last ? after : null)))}
      </Tasks>
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
        <p dir="auto">
          {inlinesOf(block.children)}
          {after}
        </p>
      )
    case 'quote':
      return (
        <blockquote dir={directionOf(block)}>{all(block.children.map(child => blockOf(child)))}</blockquote>
      )
    case 'list':
      return <ListBlock list={block} items={block.items.map(item => item.map(child => blockOf(child)))} />
    case 'code':
      return <CodeBlock text={block.text} language={block.language} />
    case 'table':
      return <TableBlock align={block.align} rows={block.rows.map(row => row.map(inlinesOf))} />
  }
}

function inlineOf(part: Inline): ReactNode {
  switch (part.is) {
    case 'text':
      return <>{part.text}</>
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
    case 'spoiler':
      return <Spoiler>{inlinesOf(part.children)}</Spoiler>
    case 'mention':
      return <Mention user={part.user} />
    case 'link':
      return <OutLink link={part}>{inlinesOf(part.children)}</OutLink>
  }
}

/**
 * What finds the host that a link hides. It comes beside the first messages: while it is `pending` nothing is said, so that no host appears
 * beside every link for a moment. Where it is `missing`, every link says where it leads.
 */
let finding: typeof hiddenHost | 'pending' | 'missing' = 'pending'

const found = import('../../../contract/markdown/hidden-host.ts').then(
  part => {
    finding = part.hiddenHost
  },
  () => {
    finding = 'missing'
  },
)

function useLeadsTo(href: string, words: string): string | null {
  const [find, setFind] = useState(() => finding)
  useEffect(() => {
    if (find === 'pending') void found.then(() => setFind(() => finding))
  }, [find])
  if (find === 'pending') return null
  return find === 'missing' ? new URL(href).hostname || href : find(href, words)
}

/** Says whom it leads to, where its words name another: somebody who is called may have an address for a name. */
function OutLink({ link, children }: { link: Extract<Inline, { is: 'link' }>; children: ReactNode }) {
  const { href } = link
  const words = useSelect(({ users }) => inlineText(link, user => mentionText(users, user)))
  const leadsTo = useLeadsTo(href, words)
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" {...useTabStop()}>
      {children}
      {leadsTo !== null && <bdi className="link-host"> ({leadsTo})</bdi>}
    </a>
  )
}
