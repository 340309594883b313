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
  const { close, onCancel, onClosed } = useClosing(dialog, onClose, locked)

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key of this press; the browser reports it as `cancel`.
    <dialog
      ref={dialog}
      className="dialog"
      data-size={size}
      aria-labelledby={titleId}
      onCancel={onCancel}
      onClose={onClosed}
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

/** How it closes. React hands on to a dialog what happens to one within it, by which Escape would close both: each hears of itself alone. */
function useClosing(dialog: RefObject<HTMLDialogElement | null>, onClose: () => void, locked: boolean) {
  const close = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!locked) onClose()
  }
  const own = (act: (event: SyntheticEvent) => void) => (event: SyntheticEvent) => {
    if (event.target === dialog.current) act(event)
  }
  // Where Escape is pressed again at once, a browser closes it without asking.
  const onClosed = own(event => (locked ? dialog.current?.showModal() : close(event)))
  return { close, onCancel: own(close), onClosed }
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
