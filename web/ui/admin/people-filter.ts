import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { searchForm } from '../shell/rank.ts'

export const peopleFilters = ['all', 'admins', 'deactivated', 'passwordless', 'placeholder'] as const
export type PeopleFilter = (typeof peopleFilters)[number]

const passes: Record<PeopleFilter, (user: User, passwordless: ReadonlySet<UserId>) => boolean> = {
  all: () => true,
  admins: user => user.role !== 'member',
  deactivated: user => user.state === 'deactivated',
  passwordless: (user, passwordless) => passwordless.has(user.id),
  placeholder: user => user.state === 'placeholder',
}

/** Who passes the filter and has every typed word in a name, the username or the e-mail address; in the order given. */
export function filterPeople(
  people: readonly User[],
  { filter, text, passwordless }: { filter: PeopleFilter; text: string; passwordless: ReadonlySet<UserId> },
): readonly User[] {
  const words = searchForm(text).split(/\s+/).filter(Boolean)
  return people.filter(
    user => passes[filter](user, passwordless) && words.every(word => textOf(user).includes(word)),
  )
}

/** What is searched of somebody. An email's event makes a new user, so the user itself can be the key. */
function textOf(user: User): string {
  const known = texts.get(user)
  if (known !== undefined) return known
  const parts = [user.displayName, user.username, user.firstName, user.lastName, user.email ?? '']
  const text = searchForm(parts.join('\n'))
  texts.set(user, text)
  return text
}

const texts = new WeakMap<User, string>()
