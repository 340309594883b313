import { useEffect } from 'react'
import type { UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Client } from '../../sync/model.ts'
import { useClient } from '../client.tsx'

/** Which views want to hear of whose presence. The client takes one list, so theirs are joined here. */
const wanted = new WeakMap<Client, Map<object, readonly UserId[]>>()

/** Asks for the presence of these people while the component stands. */
export function useWatch(users: readonly UserId[]): void {
  const client = useClient()
  // The same people in a new array are no new wish.
  const key = users.join()
  useEffect(() => {
    const views = wanted.get(client) ?? new Map<object, readonly UserId[]>()
    wanted.set(client, views)
    const view = {}
    views.set(view, key === '' ? [] : (key.split(',') as UserId[]))
    tell(client, views)
    return () => {
      views.delete(view)
      tell(client, views)
    }
  }, [client, key])
}

function tell(client: Client, views: ReadonlyMap<object, readonly UserId[]>): void {
  client.watch([...new Set([...views.values()].flat())].slice(0, limits.watchedUsers))
}
