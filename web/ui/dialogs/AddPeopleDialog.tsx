import type { RoomId, UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import { useKeptChoice } from '../forms/unsaved.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import type { PeoplePickerProps } from './PeoplePicker.tsx'
import { PeoplePicker } from './PeoplePicker.tsx'
import { byName, canTalk } from './people.ts'
import { useAdding } from './useAdding.ts'
import { useMemberIds } from './useMemberIds.ts'
import './dialogs.css'

/** Puts people into a room who are not in it yet. */
export function AddPeopleDialog({ room: id, onClose }: { room: RoomId; onClose: () => void }) {
  const room = useSelect(snapshot => snapshot.rooms.get(id))
  const { members, again } = useMemberIds(id)
  const { chosen, setChosen, discardAnd } = useKeptChoice<UserId>(`people for ${id}`)
  const { add, busy, obstacle } = useAdding(id, left => {
    setChosen(left)
    if (left.length === 0) return onClose()
    again()
  })
  const count = chosen.length
  const picking = { chosen, onChoose: setChosen, onDone: () => !busy && add(chosen) }
  const actions = (
    <>
      <Button onClick={discardAnd(onClose)} disabled={busy}>
        {m.form_cancel()}
      </Button>
      <Button look="primary" busy={busy} disabled={count === 0} onClick={() => add(chosen)}>
        {count === 0 ? m.dialog_add_people() : m.dialog_add_people_submit({ count })}
      </Button>
    </>
  )
  return (
    <Dialog
      title={m.dialog_add_people_to({ room: room?.name ?? '' })}
      onClose={onClose}
      locked={busy}
      actions={actions}
    >
      <div className="dialog-stack">
        <p className="dialog-says">{m.dialog_add_people_says()}</p>
        <ObstacleNotice obstacle={obstacle} />
        {members === null && <RowSkeletons rows={4} />}
        {members && !('ok' in members) && <LoadFailed answer={members} again={again} />}
        {members && 'ok' in members && <Candidates members={members.ok} {...picking} />}
      </div>
    </Dialog>
  )
}

function Candidates({
  members,
  ...picker
}: { members: ReadonlySet<UserId> } & Omit<PeoplePickerProps, 'people'>) {
  const users = useSelect(snapshot => snapshot.users)
  const people = [...users.values()].filter(user => canTalk(user) && !members.has(user.id)).sort(byName)
  return <PeoplePicker people={people} {...picker} />
}
