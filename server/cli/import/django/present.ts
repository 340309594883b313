import type { UserId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import { foldName } from '../../../../contract/names.ts'
import type { Store } from '../../../core/ports/store.ts'
import { lowerSkeletonOf, skeletonOf } from '../../../text/skeleton.ts'

/** What already is in the data directory. */
export interface Present {
  /** The ids of what earlier runs brought, by key. */
  readonly imported: ReadonlyMap<string, string>
  /** Usernames that are taken, by all of their `formsOfName`. */
  readonly usernames: ReadonlySet<string>
  /** Public rooms' names that are taken, by all of their `formsOfName`. */
  readonly rooms: ReadonlySet<string>
}

/** Two people, and two public rooms, whose names share one of these cannot stand side by side. */
export const formsOfName = (name: string): readonly string[] => [
  foldName(name),
  skeletonOf(name),
  lowerSkeletonOf(name),
]

const keysAtOnce = 500

/** Reads what the plan must know of the store. `keys`: of everything but the messages. */
export async function readPresent(store: Store, identity: string, keys: readonly string[]): Promise<Present> {
  const imported = new Map<string, string>()
  for (let from = 0; from < keys.length; from += keysAtOnce)
    for (const [key, id] of await store.imported(identity, keys.slice(from, from + keysAtOnce)))
      imported.set(key, id)
  return { imported, usernames: await usernamesOf(store), rooms: await roomNamesOf(store) }
}

async function usernamesOf(store: Store): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for (let after: UserId | null = null; ; ) {
    const { users } = await store.users({ after, limit: limits.usersAPage })
    for (const { username } of users)
      if (username !== '') for (const form of formsOfName(username)) names.add(form)
    const last = users.at(-1)
    if (!last || users.length < limits.usersAPage) return names
    after = last.id
  }
}

async function roomNamesOf(store: Store): Promise<ReadonlySet<string>> {
  const { rooms } = await store.rooms(nobody, 'all')
  return new Set(rooms.filter(room => room.kind === 'public').flatMap(room => formsOfName(room.name)))
}

/** Public rooms are the same to everybody; a viewer who is nobody sees no direct room. */
export const nobody = '00000000-0000-0000-0000-000000000000' as UserId
