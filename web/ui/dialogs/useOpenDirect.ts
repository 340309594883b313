import { useState } from 'react'
import { useLocation } from 'wouter'
import type { UserId } from '../../../contract/ids.ts'
import { useClient } from '../client.tsx'
import type { Obstacle } from '../forms/useForm.ts'
import { obstacleOf } from '../forms/useForm.ts'
import { roomPath } from '../rooms/address.ts'
import { untilRoom } from './until-room.ts'

/** Finds or makes the direct room with some people, and goes there; `onThere` when it stands on the page. */
export function useOpenDirect(onThere: () => void) {
  const client = useClient()
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState(false)
  const [obstacle, setObstacle] = useState<Obstacle | null>(null)

  async function go(users: readonly UserId[]) {
    setBusy(true)
    setObstacle(null)
    const answer = await client.call('direct.open', { users: [...users] })
    if ('ok' in answer) await untilRoom(client, answer.ok.room.id)
    setBusy(false)
    if (!('ok' in answer)) return setObstacle(obstacleOf(answer))
    navigate(roomPath(answer.ok.room))
    onThere()
  }
  return { open: (users: readonly UserId[]) => void go(users), busy, obstacle }
}
