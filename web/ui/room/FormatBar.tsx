import { Bold, Code, Italic, Link, List, SquareCode, Strikethrough, TextQuote } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { moveInToolbar } from '../parts/toolbar.ts'
import { keysText } from '../shell/keys.ts'
import type { Box } from './marks.ts'
import { makeCodeBlock, makeLink, toggleLines, toggleMark } from './marks.ts'

interface Format {
  label: () => string
  icon: ReactNode
  keys?: string
  change: (box: Box) => Box
}

const formats: readonly Format[] = [
  { label: () => m.chat_bold(), icon: <Bold />, keys: 'mod+B', change: box => toggleMark(box, '**') },
  { label: () => m.chat_italic(), icon: <Italic />, keys: 'mod+I', change: box => toggleMark(box, '_') },
  { label: () => m.chat_strike(), icon: <Strikethrough />, change: box => toggleMark(box, '~~') },
  { label: () => m.chat_link(), icon: <Link />, change: makeLink },
  { label: () => m.chat_list(), icon: <List />, change: box => toggleLines(box, '- ') },
  { label: () => m.chat_quote(), icon: <TextQuote />, change: box => toggleLines(box, '> ') },
  { label: () => m.chat_code(), icon: <Code />, keys: 'mod+E', change: box => toggleMark(box, '`') },
  { label: () => m.chat_code_block(), icon: <SquareCode />, change: makeCodeBlock },
]

/** Buttons that write Markdown around what is selected: a toolbar, which is one tab stop (ARIA Authoring Practices, toolbar). */
export function FormatBar({ edit }: { edit: (change: (box: Box) => Box) => void }) {
  const [at, setAt] = useState(0)
  return (
    <div className="format-bar" role="toolbar" aria-label={m.chat_formatting()} onKeyDown={moveInToolbar}>
      {formats.map(({ label, icon, keys, change }, n) => (
        <IconButton
          key={label()}
          label={label()}
          icon={icon}
          tabIndex={n === at ? 0 : -1}
          {...(keys === undefined ? {} : { keys: keysText(keys) })}
          onFocus={() => setAt(n)}
          // The box keeps its focus and its selection.
          onPointerDown={event => event.preventDefault()}
          onClick={() => edit(change)}
        />
      ))}
    </div>
  )
}
