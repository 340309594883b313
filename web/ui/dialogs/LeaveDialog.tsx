import { useState } from 'react'
import { useLocation } from 'wouter'
import type { RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'

/** Leaves a room, after saying what that means. `onLeft` is called in the place of `onClose`; without it the page goes home. */
export function LeaveDialog({
  room: id,
  onClose,
  onLeft,
}: {
  room: RoomId
  onClose: () => void
  onLeft?: () => void
}) {
  const client = useClient()
  const [, navigate] = useLocation()
  const goHome = () => {
    onClose()
    navigate('/')
  }
  const [room] = useState(useSelect(snapshot => snapshot.rooms.get(id)))
  return (
    <ConfirmDialog
      title={m.dialog_room_leave_title({ room: room?.name ?? '' })}
      confirm={m.dialog_room_leave()}
      act={() => client.call('rooms.leave', { id })}
      onDone={onLeft ?? goHome}
      onClose={onClose}
    >
      <p>{room?.kind === 'private' ? m.dialog_room_leave_private() : m.dialog_room_leave_public()}</p>
    </ConfirmDialog>
  )
}
