import { useLocation } from 'wouter'
import type { UserId } from '../../../contract/ids.ts'
import { useClient } from '../client.tsx'
import { useAct } from '../forms/useAct.ts'
import { roomPath } from '../rooms/address.ts'
import { untilRoom } from './until-room.ts'

/** Finds or makes the direct room with some people, and goes there; `onThere` when it stands on the page. */
export function useOpenDirect(onThere: () => void) {
  const client = useClient()
  const [, navigate] = useLocation()
  const { run, busy, obstacle } = useAct(
    async (users: readonly UserId[]) => {
      const answer = await client.call('direct.open', { users: [...users] })
      if ('ok' in answer) await untilRoom(client, answer.ok.room.id)
      return answer
    },
    ({ room }) => {
      navigate(roomPath(room))
      onThere()
    },
  )
  return { open: run, busy, obstacle }
}
