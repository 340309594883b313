import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'

/** What somebody is called on the page: their display name, else their username; a person whose account is gone is a deleted user. */
export function nameOf(user: User | undefined): string {
  if (!user || user.state === 'deleted') return m.chat_deleted_user()
  return user.displayName || user.username
}

/** Names as in the title of a direct room, sorted in the reader's language. */
export function namesOf(ids: readonly UserId[], users: ReadonlyMap<UserId, User>): string {
  return ids
    .map(id => nameOf(users.get(id)))
    .sort((a, b) => a.localeCompare(b))
    .join(', ')
}
