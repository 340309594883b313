import { useCallback, useEffect, useState } from 'react'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import type { CallResult, Client } from '../../sync/model.ts'
import { useClient } from '../client.tsx'

/** Everybody in a room; `null` until all pages have come. */
export function useMemberIds(room: RoomId) {
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
