import { useEffect, useRef } from 'react'
import { AddPeopleDialog } from '../dialogs/AddPeopleDialog.tsx'
import { CreateRoomDialog } from '../dialogs/CreateRoomDialog.tsx'
import { DeleteDirectDialog } from '../dialogs/DeleteDirectDialog.tsx'
import { LeaveDialog } from '../dialogs/LeaveDialog.tsx'
import { NewDirectDialog } from '../dialogs/NewDirectDialog.tsx'
import { PersonDialog } from '../dialogs/PersonDialog.tsx'
import { RoomSettingsDialog } from '../dialogs/RoomSettingsDialog.tsx'
import { useSignOut } from '../dialogs/useSignOut.tsx'
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
    case 'sign-out':
      return <SignOut onClose={close} />
    case 'new-room':
      return <CreateRoomDialog name={dialog.name ?? ''} onClose={close} />
    case 'new-direct':
      return <NewDirectDialog onClose={close} />
    case 'person':
      return <PersonDialog key={dialog.user} user={dialog.user} onClose={close} {...inRoom(dialog)} />
    case 'room-settings':
      return <RoomSettingsDialog room={dialog.room} onClose={close} />
    case 'add-people':
      return <AddPeopleDialog room={dialog.room} onClose={close} />
    case 'delete-direct':
      return <DeleteDirectDialog room={dialog.room} onClose={close} />
    case 'leave':
      return <LeaveDialog room={dialog.room} onClose={close} onLeft={close} />
  }
}

const inRoom = ({ room }: Extract<Shown, { is: 'person' }>) => (room === undefined ? {} : { room })

/** Begins as soon as it is asked for; what it has to ask or to tell is its dialog. */
function SignOut({ onClose }: { onClose: () => void }) {
  const { ask, dialog } = useSignOut(onClose)
  const begun = useRef(false)
  useEffect(() => {
    if (!begun.current) ask()
    begun.current = true
  }, [ask])
  return dialog
}
