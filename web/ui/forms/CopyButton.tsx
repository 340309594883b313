import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { Button } from '../parts/Button.tsx'
import { copyOrTell } from '../shell/copy.ts'

/** Puts a text on the clipboard, and says so for a moment, or that the browser refused. */
export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const back = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(back)
  }, [copied])
  return (
    <>
      <Button icon={copied ? <Check /> : <Copy />} onClick={() => void copyOrTell(text).then(setCopied)}>
        {copied ? m.form_copied() : m.form_copy()}
      </Button>
      <span className="unseen" role="status">
        {copied ? m.form_copied() : ''}
      </span>
    </>
  )
}
