import type { RoomId, UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Client } from '../../sync/model.ts'
import { useClient } from '../client.tsx'
import { useAct } from '../forms/useAct.ts'
import type { FormRefusal } from '../forms/useForm.ts'
import { toast } from '../parts/toast.ts'

/** Adds people to a room. `done` gets those who are left, since one of them was refused, and that is the obstacle. */
export function useAdding(room: RoomId, done: (left: readonly UserId[]) => void) {
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
