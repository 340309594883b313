import type { MessageId } from '../../../contract/ids.ts'
import { newId, roomTopic } from '../../../contract/ids.ts'
import type { Append } from '../../core/log/change.ts'
import type { Chance } from './chance.ts'
import type { SeedRoom } from './town.ts'
import { saying } from './words.ts'

/** How long the talk goes back: less than the logs are kept for. */
const spanMs = 60 * 24 * 3600_000

/** So many messages, oldest first, one after the other until `now`: a few rooms are busy, and a few people say most. */
export function* talk(
  many: number,
  places: readonly SeedRoom[],
  now: number,
  chance: Chance,
): Generator<Append> {
  const newest = new Map<SeedRoom, MessageId>()
  for (let n = 0; n < many; n++) {
    const at = Math.floor(now - (spanMs * (many - n)) / many)
    const place = often(places, chance)
    const by = often(place.members, chance)
    const before = newest.get(place)
    const quote = before && chance.is(0.04) ? { quote: before } : {}
    const id = newId<MessageId>(at)
    newest.set(place, id)
    yield {
      topic: roomTopic(place.id),
      event: { e: 'message.posted', by, at, id, text: saying(chance), ...quote },
    }
  }
}

/** One of them, the first ones more often. */
function often<T>(things: readonly T[], chance: Chance): T {
  const half = chance.is(0.5) ? chance.number(things.length) + 1 : things.length
  return things[chance.number(half)] as T
}
