import { X } from 'lucide-react'
import type { ReactNode, RefObject, SyntheticEvent } from 'react'
import { useEffect, useId, useRef } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from './IconButton.tsx'
import './Dialog.css'

export interface DialogProps {
  title: string
  /** Called for Escape, the cross, and a press outside. The dialog is there as long as it is rendered. */
  onClose: () => void
  children: ReactNode
  /** Buttons at the foot, the main one last. */
  actions?: ReactNode
  size?: 'small' | 'normal' | 'wide'
  /** An act that is on its way is not to be left by accident. */
  locked?: boolean
  /** The title is for screen readers only, and there is no cross: for what explains itself, such as a search field. */
  bare?: boolean
}

/** A modal dialog (the browser's own): traps the focus, closes with Escape, gives the focus back to what had it. */
export function Dialog(props: DialogProps) {
  const { title, onClose, children, actions, size = 'normal', locked = false, bare = false } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const pressedOutside = useRef(false)
  const titleId = useId()

  useShown(dialog)
  const close = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!locked) onClose()
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key of this press; the browser reports it as `cancel`.
    <dialog
      ref={dialog}
      className="dialog"
      data-size={size}
      aria-labelledby={titleId}
      onCancel={close}
      onPointerDown={event => {
        pressedOutside.current = event.target === dialog.current
      }}
      onClick={event => {
        // Text that is marked with the mouse may be let go outside: that is no press outside.
        if (pressedOutside.current && event.target === dialog.current) close(event)
      }}
    >
      <div className="dialog-body">
        <div className={bare ? 'unseen' : 'dialog-head'}>
          <h2 id={titleId}>{title}</h2>
          {!bare && <IconButton label={m.shell_close()} icon={<X />} onClick={close} disabled={locked} />}
        </div>
        {children}
        {actions && <div className="dialog-actions">{actions}</div>}
      </div>
    </dialog>
  )
}

/** Opens the dialog while it stands, and gives the focus back to what had it. */
function useShown(dialog: RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [dialog])
}
