import { useEffect } from 'react'
import type { UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Client } from '../../sync/model.ts'
import { useClient } from '../client.tsx'

interface Wishes {
  /** What each view wants; the client takes one list, so theirs are joined. */
  views: Map<object, readonly UserId[]>
  /** The list that the client has. */
  asked: string
}

/** Which views want to hear of whose presence. */
const wanted = new WeakMap<Client, Wishes>()

/** Asks for the presence of these people while the component stands. */
export function useWatch(users: readonly UserId[]): void {
  const client = useClient()
  // The same people in a new array are no new wish.
  const key = users.join()
  useEffect(() => {
    const wishes = wanted.get(client) ?? { views: new Map(), asked: '' }
    wanted.set(client, wishes)
    const view = {}
    wishes.views.set(view, key === '' ? [] : (key.split(',') as UserId[]))
    ask(client, wishes)
    return () => {
      wishes.views.delete(view)
      ask(client, wishes)
    }
  }, [client, key])
}

/** What views change at once is one frame, and nobody who is in the list before and after it goes offline in between. The newest view counts most. */
function ask(client: Client, wishes: Wishes): void {
  queueMicrotask(() => {
    const users = [...new Set([...wishes.views.values()].reverse().flat())].slice(0, limits.watchedUsers)
    const asked = users.join()
    if (asked === wishes.asked) return
    wishes.asked = asked
    client.watch(users)
  })
}
