import { useCallback, useEffect, useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import type { Client } from '../../sync/model.ts'
import { useClient, useSelect } from '../client.tsx'

/**
 * Everybody with an account, as they are now. E-mail addresses stand in no event, so they are read page by page, and until then missing;
 * `put` takes a person over as an operation answered them.
 */
export function useEverybody(): {
  people: readonly User[]
  /** Who of them has an account and no password to sign in with. */
  passwordless: ReadonlySet<UserId>
  put: (user: User) => void
  gavePassword: (user: UserId) => void
} {
  const client = useClient()
  const users = useSelect(snapshot => snapshot.users)
  const [emails, setEmails] = useState<ReadonlyMap<UserId, string>>(new Map())
  const [passwordless, setPasswordless] = useState<ReadonlySet<UserId>>(new Set())

  useEffect(() => {
    let current = true
    void readPages(client, page => {
      if (!current) return false
      setEmails(known => new Map([...known, ...page.users.map(user => [user.id, user.email ?? ''] as const)]))
      setPasswordless(known => new Set([...known, ...(page.passwordless ?? [])]))
      return true
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
  const gavePassword = useCallback(
    (user: UserId) => setPasswordless(known => new Set([...known].filter(id => id !== user))),
    [],
  )
  return { people, passwordless, put, gavePassword }
}

/** Hands over a page at a time, until there are no more, one is refused, or `take` wants no more. */
async function readPages(client: Client, take: (page: Output<'users.list'>) => boolean): Promise<void> {
  let after: UserId | undefined
  for (;;) {
    const answer = await client.call('users.list', { after })
    if (!('ok' in answer)) return
    const { users, more } = answer.ok
    after = users.at(-1)?.id
    if (!take(answer.ok) || !more || after === undefined) return
  }
}
