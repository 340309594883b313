import type { RoomId } from '../../../contract/ids.ts'
import { parseTopic } from '../../../contract/ids.ts'
import type { Removal } from '../../core/ports/endings.ts'
import type { Store } from '../../core/ports/store.ts'
import type { Channel } from './channel.ts'

/** One query reads rooms with about this many members together, or one larger room: each is answered well within the store's deadline. */
const membersAtOnce = 20_000

/** Who of those that hear rooms here is no member of them any more, as the store has it now: one query, or a few where the rooms are many. */
export async function formerMembers(
  channels: Iterable<Channel>,
  store: Pick<Store, 'membersIn'>,
): Promise<readonly Removal[]> {
  const former: Removal[] = []
  for (const chunk of chunks(channels)) {
    const members = await store.membersIn([...chunk.keys()])
    for (const [room, channel] of chunk) former.push(...formerIn(room, channel, members.get(room)))
  }
  return former
}

function formerIn(
  room: RoomId,
  { subscribers }: Channel,
  found: { users: ReadonlySet<Removal['who']>; seq: number } = { users: new Set(), seq: 0 },
): Removal[] {
  return [...subscribers].filter(who => !found.users.has(who)).map(who => ({ room, who, seq: found.seq }))
}

/** The rooms that somebody hears, by about so many members. */
function chunks(channels: Iterable<Channel>): Map<RoomId, Channel>[] {
  const made: Map<RoomId, Channel>[] = []
  let left = 0
  for (const channel of channels) {
    const name = parseTopic(channel.topic)
    if (name?.kind !== 'room' || channel.subscribers.size === 0) continue
    if (left < channel.members) {
      made.push(new Map())
      left = membersAtOnce
    }
    made.at(-1)?.set(name.room, channel)
    left -= channel.members
  }
  return made
}
