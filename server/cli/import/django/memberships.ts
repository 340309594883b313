import type { Notices } from './notices.ts'
import type { Comer } from './people.ts'
import type { MessageRows } from './rows.ts'
import { quoted } from './texts.ts'

/** For each room, by place, who is put in it: places of people, in order. */
export type Memberships = readonly (readonly number[])[]

/** Each room is open to everybody in the ChatApp, so everybody is in each, as long as that can be looked through and is written soon. */
const roomsForAll = 50
const membershipsForAll = 200_000
/** Else, and at most, one is in so many rooms that one wrote in. Far below what Confab allows, since people join more. */
const roomsWrittenIn = 500

interface Wrote {
  readonly messages: MessageRows
  /** By author's name: the place of who that is. */
  readonly authors: readonly number[]
  /** By room's text: the place of the room. */
  readonly roomOf: readonly number[]
}

/**
 * Puts every active person in every room, or where there are too many, in those they wrote in. Who is deactivated is in the rooms they wrote in; a placeholder, whom
 * nobody can be, in none.
 */
export function planMemberships(
  people: readonly Comer[],
  rooms: number,
  wrote: Wrote,
  notices: Notices,
): Memberships {
  const written = roomsByAuthor(wrote)
  const active = people.filter(person => person.user.state === 'active').length
  const all = rooms <= roomsForAll && rooms * active <= membershipsForAll
  if (!all)
    notices.tell(
      'membership',
      `There are ${rooms} rooms: everybody is put in those they wrote in, and finds the others under Browse.`,
    )
  const members: number[][] = Array.from({ length: rooms }, () => [])
  for (const [place, person] of people.entries()) {
    const { state } = person.user
    if (state === 'placeholder') continue
    const own = [...(written.get(place) ?? [])]
    if (own.length > roomsWrittenIn && !all)
      notices.tell(
        'membership',
        `${quoted(person.user.username)} wrote in ${own.length} rooms, and is put in ${roomsWrittenIn} of them.`,
      )
    const into = all && state === 'active' ? members.keys() : own.slice(0, roomsWrittenIn)
    for (const room of into) members[room]?.push(place)
  }
  return members
}

/** By person, the places of the rooms they wrote in. */
function roomsByAuthor({ messages, authors, roomOf }: Wrote): Map<number, Set<number>> {
  const written = new Map<number, Set<number>>()
  for (const [position, author] of messages.author.entries()) {
    const person = authors[author] ?? 0
    const rooms = written.get(person) ?? new Set()
    written.set(person, rooms)
    rooms.add(roomOf[messages.room[position] ?? 0] ?? 0)
  }
  return written
}
