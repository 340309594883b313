import './Markdown.css'
import type { ReactNode } from 'react'
import { Fragment } from 'react'
import { isEmojiOnly } from '../../../contract/markdown/emoji.ts'
import { useFormatting } from './formatting.ts'

export interface FormattedTextProps {
  text: string
  /** Nothing in it is a mark, but addresses are links. */
  plain?: boolean
  /** What follows the last letter, such as a word that it was edited. */
  after?: ReactNode
  /** Changes the text where a task of it is turned; left out where one may not. */
  onChange?: ((text: string) => void) | undefined
}

/** One line of letters and the signs that stand between words: it looks the same whether its marks are read or not. */
const hasNoMark =
  /^(?!\d+\.$)[\p{L}\p{N}\p{M}\p{Extended_Pictographic} ,;!?'"’“”…–—%€$]*[\p{L}\p{N}\p{M},;!?'"’“”…–—%€$.]$/u

/** A message's text as elements. What has no mark is drawn by the shell alone. */
export function FormattedText(props: FormattedTextProps) {
  const formatting = useFormatting()
  const { text, after } = props
  if (formatting && !hasNoMark.test(text)) return <formatting.Markdown {...props} />
  return (
    <div className="markdown" data-emoji={isEmojiOnly(text) ? '' : undefined}>
      <p dir="auto">
        {veiled(text)
          .split('\n')
          .map((line, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing but its place.
            <Fragment key={n}>
              {n > 0 && <br />}
              {line}
            </Fragment>
          ))}
        {after}
      </p>
    </div>
  )
}

/** What a spoiler will hide is not shown for the moment before. */
const veiled = (text: string): string => text.replace(/\|\|.*\|\|/s, '■■■')
