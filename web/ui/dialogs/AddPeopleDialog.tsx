import { useEffect, useState } from 'react'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Answer, Client } from '../../sync/model.ts'
import { useClient, useSelect } from '../client.tsx'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import type { Obstacle, Refusal } from '../forms/use-form.ts'
import { obstacleOf } from '../forms/use-form.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { toast } from '../parts/toast.ts'
import { PeoplePicker } from './PeoplePicker.tsx'
import { byName, canTalk } from './people.ts'
import './dialogs.css'

/** Puts people into a room who are not in it yet. */
export function AddPeopleDialog({ room: id, onClose }: { room: RoomId; onClose: () => void }) {
  const client = useClient()
  const room = useSelect(snapshot => snapshot.rooms.get(id))
  const users = useSelect(snapshot => snapshot.users)
  const { members, again } = useMemberIds(id)
  const [chosen, setChosen] = useState<readonly UserId[]>([])
  const [busy, setBusy] = useState(false)
  const [obstacle, setObstacle] = useState<Obstacle | null>(null)

  async function add() {
    setBusy(true)
    const { left, why } = await addAll(client, id, chosen)
    setBusy(false)
    if (left.length < chosen.length) toast(m.dialog_add_people_done({ count: chosen.length - left.length }))
    if (why === null) return onClose()
    setObstacle(obstacleOf(why))
    setChosen(left)
    again()
  }
  return (
    <Dialog
      title={room ? m.dialog_add_people_to({ room: room.name }) : m.dialog_add_people()}
      onClose={onClose}
      locked={busy}
      actions={
        <>
          <Button onClick={onClose} disabled={busy}>
            {m.form_cancel()}
          </Button>
          <Button look="primary" busy={busy} disabled={chosen.length === 0} onClick={() => void add()}>
            {chosen.length === 0
              ? m.dialog_add_people()
              : m.dialog_add_people_submit({ count: chosen.length })}
          </Button>
        </>
      }
    >
      <div className="dialog-stack">
        <p className="dialog-says">{m.dialog_add_people_says()}</p>
        <ObstacleNotice obstacle={obstacle} />
        {members === null && <RowSkeletons rows={4} />}
        {members && !('ok' in members) && <LoadFailed answer={members} again={again} />}
        {members && 'ok' in members && (
          <PeoplePicker
            people={[...users.values()]
              .filter(user => canTalk(user) && !members.ok.has(user.id))
              .sort(byName)}
            chosen={chosen}
            onChoose={setChosen}
          />
        )}
      </div>
    </Dialog>
  )
}

/** One after the other; stops at the first that is refused, and tells who is left. */
async function addAll(
  client: Client,
  room: RoomId,
  people: readonly UserId[],
): Promise<{ left: readonly UserId[]; why: Refusal | null }> {
  for (const [n, user] of people.entries()) {
    const answer = await client.call('members.put', { id: room, user })
    if (!('ok' in answer)) return { left: people.slice(n), why: answer }
  }
  return { left: [], why: null }
}

/** Everybody in a room; `null` until all pages have come. */
function useMemberIds(room: RoomId) {
  const client = useClient()
  const [members, setMembers] = useState<Answer<ReadonlySet<UserId>> | null>(null)
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
  return { members, again: () => setAsked(asked + 1) }
}

async function allMembers(client: Client, room: RoomId): Promise<Answer<ReadonlySet<UserId>>> {
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
