import { useEffect, useState } from 'react'
import type { Member, Room } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Client } from '../../sync/model.ts'
import { useClient, useSelect } from '../client.tsx'
import { useIsShown } from '../shell/dialogs.ts'

/** How often a list that stands open is asked for again, in ms. */
const refreshMs = 20_000

export interface Members {
  /** `null` before the first answer. */
  list: readonly Member[] | null
  more: boolean
  loadMore: () => void
}

/** The members, a page at a time. They are asked for again when the room changes, when the page comes back to the front, and now and then. */
export function useMembers(room: Room): Members {
  const client = useClient()
  const [pages, setPages] = useState(1)
  const [found, setFound] = useState<{ list: readonly Member[]; more: boolean } | null>(null)
  const round = useRounds()
  const online = useSelect(snapshot => snapshot.connection.is === 'online')
  // Somebody may have been added or removed in a dialog that closes.
  const dialog = useIsShown()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round`, `online` and `dialog` ask again.
  useEffect(() => {
    let gone = false
    void fetchMembers(client, room, pages).then(answer => {
      if (!gone && answer) setFound(answer)
    })
    return () => {
      gone = true
    }
  }, [client, room, pages, round, online, dialog])
  return { list: found?.list ?? null, more: found?.more ?? false, loadMore: () => setPages(n => n + 1) }
}

/** Counts up whenever it is time to look again. */
function useRounds(): number {
  const [round, setRound] = useState(0)
  useEffect(() => {
    const again = () => setRound(n => n + 1)
    addEventListener('focus', again)
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), refreshMs)
    return () => {
      removeEventListener('focus', again)
      clearInterval(timer)
    }
  }, [])
  return round
}

async function fetchMembers(client: Client, room: Room, pages: number) {
  if (room.people) {
    const list = room.people.map((user): Member => ({ user, role: 'member', since: 0 }))
    return { list, more: false }
  }
  const list: Member[] = []
  let more = true
  for (let page = 0; more && page < pages; page++) {
    const after: UserId | undefined = list.at(-1)?.user
    const answer = await client.call('members.list', { id: room.id, ...(after && { after }) })
    if (!('ok' in answer)) return null
    list.push(...answer.ok.members)
    more = answer.ok.more
  }
  return { list, more }
}
