import './dialogs.css'
import { useCallback, useEffect, useState } from 'react'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { CallResult, Client } from '../../sync/model.ts'
import { useClient, useSelect } from '../client.tsx'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import { useKeptChoice } from '../forms/unsaved.ts'
import { useAct } from '../forms/useAct.ts'
import type { FormRefusal } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { toast } from '../parts/toast.ts'
import type { PeoplePickerProps } from './PeoplePicker.tsx'
import { PeoplePicker } from './PeoplePicker.tsx'
import { byName, canTalk } from './people.ts'

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

/** Adds people to a room. `done` gets those who are left, since one of them was refused, and that is the obstacle. */
function useAdding(room: RoomId, done: (left: readonly UserId[]) => void) {
  const client = useClient()
  const { run, busy, obstacle } = useAct(async (people: readonly UserId[]) => {
    const { left, why } = await addAll(client, room, people)
    const count = people.length - left.length
    if (count > 0) toast(m.dialog_add_people_done({ count }))
    done(left)
    return why ?? { ok: undefined }
  })
  return { add: run, busy, obstacle }
}

/** One after the other; stops at the first that is refused. */
async function addAll(
  client: Client,
  room: RoomId,
  people: readonly UserId[],
): Promise<{ left: readonly UserId[]; why: FormRefusal | null }> {
  for (const [n, user] of people.entries()) {
    const answer = await client.call('members.put', { id: room, user })
    if (!('ok' in answer)) return { left: people.slice(n), why: answer }
  }
  return { left: [], why: null }
}

/** Everybody in a room; `null` until all pages have come. */
function useMemberIds(room: RoomId) {
  const client = useClient()
  const [members, setMembers] = useState<CallResult<ReadonlySet<UserId>> | null>(null)
  const [asked, setAsked] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks again.
  useEffect(() => {
    let current = true
    void allMembers(client, room).then(came => {
      if (current) setMembers(came)
    })
    return () => {
      current = false
    }
  }, [client, room, asked])
  const again = useCallback(() => setAsked(times => times + 1), [])
  return { members, again }
}

async function allMembers(client: Client, room: RoomId): Promise<CallResult<ReadonlySet<UserId>>> {
  const all = new Set<UserId>()
  let after: UserId | undefined
  for (;;) {
    const answer = await client.call('members.list', { id: room, after })
    if (!('ok' in answer)) return answer
    for (const { user } of answer.ok.members) all.add(user)
    after = answer.ok.members.at(-1)?.user
    if (!answer.ok.more || after === undefined) return { ok: all }
  }
}
