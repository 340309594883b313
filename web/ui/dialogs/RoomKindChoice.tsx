import { Globe, Lock } from 'lucide-react'
import { m } from '../../paraglide/messages.js'
import { Choice } from '../forms/Choice.tsx'

/** Who is to see a room, with what that means. */
export function RoomKindChoice({
  kind,
  onChoose,
}: {
  kind: 'public' | 'private'
  onChoose: (kind: 'public' | 'private') => void
}) {
  return (
    <Choice
      label={m.dialog_room_kind()}
      name="kind"
      value={kind}
      onChoose={onChoose}
      choices={[
        {
          value: 'public',
          label: m.dialog_room_public(),
          says: m.dialog_room_public_says(),
          icon: <Globe />,
        },
        {
          value: 'private',
          label: m.dialog_room_private(),
          says: m.dialog_room_private_says(),
          icon: <Lock />,
        },
      ]}
    />
  )
}
