import { Smile } from 'lucide-react'
import type { ReactNode, ToggleEvent } from 'react'
import { useId, useRef, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { placeBeside } from '../parts/place.ts'
import { EmojiPanel } from './EmojiPanel.tsx'
import './EmojiButton.css'

interface EmojiButtonProps {
  onPick: (char: string) => void
  label?: string
  icon?: ReactNode
  align?: 'start' | 'end'
  /** Told when the picker opens and closes. */
  onToggle?: (open: boolean) => void
}

/** A button that opens the picker of emoji beside it, on a phone at the foot of the page. It closes when one is picked. */
export function EmojiButton(props: EmojiButtonProps) {
  const { onPick, label = m.emoji_pick(), icon = <Smile />, align = 'start', onToggle } = props
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const toggled = ({ target, newState }: ToggleEvent) => {
    // React hands on what happens to a popover within.
    if (target !== panel.current) return
    if (newState === 'open') place(panel.current, button.current, align)
    setOpen(newState === 'open')
    onToggle?.(newState === 'open')
  }
  return (
    <>
      <IconButton ref={button} {...{ label, icon }} aria-expanded={open} popoverTarget={id} />
      <div
        ref={panel}
        id={id}
        className="emoji-panel"
        popover="auto"
        role="dialog"
        aria-label={label}
        onToggle={toggled}
      >
        {open && (
          <EmojiPanel
            onPick={char => {
              panel.current?.hidePopover()
              onPick(char)
            }}
          />
        )}
      </div>
    </>
  )
}

/** On a phone its sheet says where it stands. */
function place(panel: HTMLElement | null, button: HTMLElement | null, align: 'start' | 'end'): void {
  if (panel && button && !matchMedia('(max-width: 640px)').matches) placeBeside(panel, button, align)
}
