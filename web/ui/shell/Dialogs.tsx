import { AddPeopleDialog } from '../dialogs/AddPeopleDialog.tsx'
import { CreateRoomDialog } from '../dialogs/CreateRoomDialog.tsx'
import { LeaveDialog } from '../dialogs/LeaveDialog.tsx'
import { NewDirectDialog } from '../dialogs/NewDirectDialog.tsx'
import { PersonDialog } from '../dialogs/PersonDialog.tsx'
import { RoomSettingsDialog } from '../dialogs/RoomSettingsDialog.tsx'
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
    case 'new-room':
      return <CreateRoomDialog onClose={close} />
    case 'new-direct':
      return <NewDirectDialog onClose={close} />
    case 'person':
      return <PersonDialog key={dialog.user} user={dialog.user} onClose={close} {...inRoom(dialog)} />
    case 'room-settings':
      return <RoomSettingsDialog room={dialog.room} onClose={close} />
    case 'add-people':
      return <AddPeopleDialog room={dialog.room} onClose={close} />
    case 'leave':
      return <LeaveDialog room={dialog.room} onClose={close} onLeft={close} />
  }
}

const inRoom = ({ room }: Extract<Shown, { is: 'person' }>) => (room === undefined ? {} : { room })
