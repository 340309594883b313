import { useState } from 'react'
import { useLocation } from 'wouter'
import type { RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { roomTitle } from '../rooms/title.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'

/** Deletes a conversation for oneself, after saying what that means. The page goes home. */
export function DeleteDirectDialog({ room: id, onClose }: { room: RoomId; onClose: () => void }) {
  const client = useClient()
  const [, navigate] = useLocation()
  const [names] = useState(
    useSelect(({ rooms, users, me }) => {
      const room = rooms.get(id)
      return room ? roomTitle(room, users, me.id) : ''
    }),
  )
  const goHome = () => {
    onClose()
    navigate('/')
  }
  return (
    <ConfirmDialog
      title={m.dialog_direct_delete_title({ names })}
      confirm={m.dialog_direct_delete()}
      act={() => client.call('direct.remove', { id })}
      onDone={goHome}
      onClose={onClose}
    >
      <p>{m.dialog_direct_delete_says()}</p>
    </ConfirmDialog>
  )
}
