import { useCallback, useEffect, useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Client } from '../../sync/model.ts'
import { useClient, useSelect } from '../client.tsx'

/**
 * Everybody with an account, as they are now. E-mail addresses stand in no event, so they are read page by page, and until then missing;
 * `put` takes a person over as an operation answered them.
 */
export function useEverybody(): { people: readonly User[]; put: (user: User) => void } {
  const client = useClient()
  const users = useSelect(snapshot => snapshot.users)
  const [emails, setEmails] = useState<ReadonlyMap<UserId, string>>(new Map())

  useEffect(() => {
    let current = true
    void readEmails(client, page => {
      if (current) setEmails(known => new Map([...known, ...page]))
      return current
    })
    return () => {
      current = false
    }
  }, [client])

  const put = useCallback(
    (user: User) => setEmails(known => new Map(known).set(user.id, user.email ?? '')),
    [],
  )
  const people = [...users.values()]
    .filter(user => user.state !== 'deleted')
    .map(user => ({ ...user, email: emails.get(user.id) ?? user.email ?? '' }))
  return { people, put }
}

/** Hands the addresses over a page at a time, until there are no more, one is refused, or `take` wants no more. */
async function readEmails(
  client: Client,
  take: (page: readonly [UserId, string][]) => boolean,
): Promise<void> {
  let after: UserId | undefined
  for (;;) {
    const answer = await client.call('users.list', { after })
    if (!('ok' in answer)) return
    const { users, more } = answer.ok
    after = users.at(-1)?.id
    if (!take(users.map(user => [user.id, user.email ?? ''])) || !more || after === undefined) return
  }
}
