import { m } from '../../paraglide/messages.js'
import { Broken } from './Boundary.tsx'
import { Dialog } from './Dialog.tsx'

/** Stands in place of a dialog that threw or did not come. */
export function BrokenDialog({
  error,
  again,
  onClose,
}: {
  error: unknown
  again: () => void
  onClose: () => void
}) {
  return (
    <Dialog bare size="small" title={m.shell_broken_title()} onClose={onClose}>
      <Broken {...{ error, again }} close={onClose} />
    </Dialog>
  )
}
