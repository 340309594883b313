import type { Shown } from './dialogs.ts'
import { KeysDialog } from './KeysDialog.tsx'
import { Switcher } from './Switcher.tsx'

/** The dialog that is open. Loaded when the first one is. */
export function Dialogs({ dialog, show }: { dialog: Shown; show: (dialog: Shown | null) => void }) {
  const close = () => show(null)
  switch (dialog.is) {
    case 'switcher':
      return <Switcher onClose={close} />
    case 'keys':
      return <KeysDialog onClose={close} />
    default:
      return null
  }
}
