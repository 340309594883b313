import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { nameOf } from '../people/names.ts'

/** How somebody who is called is written: by the name of today. */
export function mentionText(users: ReadonlyMap<UserId, User>, user: UserId): string {
  const person = users.get(user)
  return `@${person ? nameOf(person) : m.chat_mention_unknown()}`
}
