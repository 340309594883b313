import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { useTabStop } from '../parts/tab-stops.ts'
import { copyOrTell } from '../shell/copy.ts'

/** Code as it was written, in a box that scrolls, with a button that copies it. */
export function CodeBlock({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
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
        <code>{text}</code>
      </pre>
      <IconButton
        label={copied ? m.chat_copied() : m.chat_copy_code()}
        icon={copied ? <Check /> : <Copy />}
        onClick={() => void copyOrTell(text).then(setCopied)}
      />
    </div>
  )
}
