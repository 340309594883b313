import type { ReactNode } from 'react'
import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'

/** Asks before something is destroyed: says what will be lost, and names the act on its button. Stays open, busy, until the act is done. */
export function ConfirmDialog({
  title,
  children,
  action,
  onConfirm,
  onClose,
}: {
  title: string
  children: ReactNode
  action: string
  onConfirm: () => Promise<void>
  onClose: () => void
}) {
  const [busy, setBusy] = useState(false)
  return (
    <Dialog
      title={title}
      size="small"
      onClose={onClose}
      locked={busy}
      actions={
        <>
          <Button look="plain" onClick={onClose} disabled={busy}>
            {m.shell_cancel()}
          </Button>
          <Button
            look="danger"
            busy={busy}
            onClick={() => {
              setBusy(true)
              void onConfirm().finally(onClose)
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}
