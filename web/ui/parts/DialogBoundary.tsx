import type { ReactNode } from 'react'
import { Suspense } from 'react'
import { m } from '../../paraglide/messages.js'
import { Boundary, Broken } from './Boundary.tsx'
import { Dialog } from './Dialog.tsx'

/** Around a dialog that is loaded when it is opened: should it throw or not come, a dialog says so in its place. */
export function DialogBoundary({
  at,
  onClose,
  children,
}: {
  /** Another dialog is tried anew. */
  at?: string
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Boundary
      {...(at !== undefined && { at })}
      instead={(error, again) => (
        <Dialog bare size="small" title={m.shell_broken_title()} onClose={onClose}>
          <Broken {...{ error, again }} close={onClose} />
        </Dialog>
      )}
    >
      <Suspense>{children}</Suspense>
    </Boundary>
  )
}
