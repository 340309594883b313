import { parseTopic } from '../../contract/ids.ts'
import type { Removal } from '../core/ports/endings.ts'
import type { Store } from '../core/ports.ts'
import type { Channel } from './channel.ts'

/** Who of those that hear rooms is no member of them any more, as the store has it now: a query for each room that anybody hears. */
export async function missingFrom(
  channels: Iterable<Channel>,
  store: Pick<Store, 'memberIds'>,
): Promise<readonly Removal[]> {
  const missing: Removal[] = []
  for (const channel of [...channels]) {
    const name = parseTopic(channel.topic)
    if (name?.kind !== 'room' || channel.hearers.size === 0) continue
    const { users, seq } = await store.memberIds(name.room)
    const members = new Set(users)
    for (const who of channel.hearers) if (!members.has(who)) missing.push({ room: name.room, who, seq })
  }
  return missing
}
