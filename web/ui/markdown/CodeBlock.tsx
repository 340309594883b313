import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { useTabStop } from '../parts/tab-stops.ts'
import { copyOrTell } from '../shell/copy.ts'
import { coloursOf, knownColours } from './code-colours.ts'
import type { CodeToken } from './code-tokens.ts'

interface CodeBlockProps {
  text: string
  /** What was written behind the fence; without it code has no colours. */
  language?: string | undefined
}

/** Code as it was written, in a box that scrolls, with a button that copies it. */
export function CodeBlock({ text, language }: CodeBlockProps) {
  const [copied, setCopied] = useState(false)
  const tokens = useColours(text, language)
  const stop = useTabStop()
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <div className="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard. */}
      <pre tabIndex={0} {...stop} dir="ltr">
        <code translate="no">{tokens ? tokens.map(tokenElement) : text}</code>
      </pre>
      <IconButton
        label={copied ? m.chat_copied() : m.chat_copy_code()}
        icon={copied ? <Check /> : <Copy />}
        onClick={() => void copyOrTell(text).then(setCopied)}
      />
    </div>
  )
}

/** Colours change no letter and no place, so that they may come late. */
function useColours(text: string, language: string | undefined): readonly CodeToken[] | null {
  const [found, setFound] = useState<readonly CodeToken[] | null>(null)
  useEffect(() => {
    let isCurrent = true
    setFound(null)
    if (language !== undefined)
      coloursOf(text, language).then(
        tokens => isCurrent && setFound(tokens),
        () => {},
      )
    return () => {
      isCurrent = false
    }
  }, [text, language])
  return found ?? (language === undefined ? null : knownColours(text, language))
}

const tokenElement = ({ text, kind }: CodeToken, n: number) => (
  <span key={n} data-code={kind ?? undefined}>
    {text}
  </span>
)
