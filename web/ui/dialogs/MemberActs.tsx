import { Crown, UserMinus } from 'lucide-react'
import { useState } from 'react'
import type { Member, Room } from '../../../contract/entities.ts'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { DangerButton } from '../forms/DangerButton.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { useAct } from '../forms/useAct.ts'
import { useAnswer } from '../forms/useAnswer.ts'
import { Button } from '../parts/Button.tsx'
import { nameOf } from '../people/names.ts'
import { canManage } from '../rooms/may.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import '../forms/FormFoot.css'

/** What who manages a room can do about one of its members. Nothing for anybody else, and nothing where they are not in it. */
export function MemberActs({ room: id, user, onGone }: { room: RoomId; user: UserId; onGone: () => void }) {
  const room = useSelect(snapshot => snapshot.rooms.get(id))
  const membership = useSelect(snapshot => snapshot.memberships.get(id))
  const role = useSelect(snapshot => snapshot.me.role)
  if (!room || room.kind === 'direct' || !canManage(membership, role)) return null
  return <Acts room={room} user={user} onGone={onGone} />
}

/** Ids are in order, so a page of one that begins just before an id holds it, if it is there at all. */
const before = (id: UserId): UserId | undefined => {
  const last = BigInt(`0x${id.replaceAll('-', '')}`) - 1n
  if (last < 0n) return undefined
  return last
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as UserId
}

function Acts({ room, user, onGone }: { room: Room; user: UserId; onGone: () => void }) {
  const client = useClient()
  const { answer, again } = useAnswer('members.list', { id: room.id, after: before(user), limit: 1 })
  const {
    run: setRole,
    busy,
    obstacle,
  } = useAct((role: Member['role']) => client.call('members.put', { id: room.id, user, role }), again)
  const [removing, setRemoving] = useState(false)
  const found: Member | undefined = answer && 'ok' in answer ? answer.ok.members[0] : undefined
  if (found?.user !== user) return null

  return (
    <section className="person-acts">
      <h3 dir="auto">{m.dialog_person_in_room({ room: room.name })}</h3>
      <ObstacleNotice obstacle={obstacle} />
      <div className="form-foot">
        <Button
          size="small"
          icon={<Crown />}
          busy={busy}
          onClick={() => setRole(found.role === 'manager' ? 'member' : 'manager')}
        >
          {found.role === 'manager' ? m.dialog_person_make_member() : m.dialog_person_make_manager()}
        </Button>
        <DangerButton size="small" icon={<UserMinus />} onClick={() => setRemoving(true)}>
          {m.dialog_person_remove()}
        </DangerButton>
      </div>
      {removing && (
        <RemoveMemberDialog room={room} user={user} onDone={onGone} onClose={() => setRemoving(false)} />
      )}
    </section>
  )
}

function RemoveMemberDialog({
  room,
  user,
  onDone,
  onClose,
}: {
  room: Room
  user: UserId
  onDone: () => void
  onClose: () => void
}) {
  const client = useClient()
  const name = nameOf(useSelect(snapshot => snapshot.users.get(user)))
  return (
    <ConfirmDialog
      title={m.dialog_person_remove_title({ name, room: room.name })}
      confirm={m.dialog_person_remove()}
      act={() => client.call('members.remove', { id: room.id, user })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{m.dialog_person_remove_says()}</p>
    </ConfirmDialog>
  )
}
