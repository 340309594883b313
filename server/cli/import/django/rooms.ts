import type { RoomId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import { roomName } from '../../../../contract/text.ts'
import { idOf, roomKey } from './identity.ts'
import { giveNames } from './names.ts'
import type { Notices } from './notices.ts'
import type { Present } from './present.ts'
import { formsOfName } from './present.ts'
import type { RoomRow } from './rows.ts'
import { plainLine, quoted } from './texts.ts'

/** A room that comes, or came with an earlier run (`here`): what the messages under one text are put in. */
export interface PlannedRoom {
  readonly key: string
  readonly id: RoomId
  readonly here: boolean
  readonly name: string
}

/** The rooms, and for each text that messages name a room by, which it is: an index into `list`. */
export interface Rooms {
  readonly list: readonly PlannedRoom[]
  readonly byText: readonly number[]
}

interface Parts {
  readonly identity: string
  readonly present: Present
  readonly notices: Notices
}

/** What a room is made of. `text`: what its messages call it, which never changes, so its key is made of it. */
interface Candidate {
  readonly text: string
  readonly name: string
  readonly row: RoomRow | null
}

const roomNames = { forms: formsOfName, before: ' ', most: limits.nameCharacters }

/** What a row's messages call its room. */
const textOf = (row: RoomRow): string => row.slug.text || row.name.text

/** The keys of all rooms that a plan can have. */
export const roomKeys = (rows: readonly RoomRow[], texts: readonly string[]): string[] =>
  [...new Set([...rows.map(textOf), ...texts])].map(roomKey)

/** Decides which rooms there are: the rows, and one more for each text in messages that no row is called by, its slug or else its name. */
export function planRooms(rows: readonly RoomRow[], texts: readonly string[], parts: Parts): Rooms {
  const candidates: Candidate[] = []
  const places = new Map<string, number>()
  for (const row of rows) {
    if (places.has(textOf(row))) {
      parts.notices.tell(
        'room',
        `${quoted(row.name.text)} has the address of another room, and is one with it.`,
      )
      continue
    }
    places.set(textOf(row), candidates.length)
    candidates.push({ text: textOf(row), name: row.name.text || row.slug.text, row })
  }
  const byName = new Map<string, number>()
  for (const [place, { name }] of candidates.entries()) if (!byName.has(name)) byName.set(name, place)
  const byText = texts.map(text => {
    const known = places.get(text) ?? byName.get(text)
    if (known !== undefined) return known
    places.set(text, candidates.length)
    return candidates.push({ text, name: text, row: null }) - 1
  })
  return { list: named(candidates, parts), byText }
}

function named(candidates: readonly Candidate[], parts: Parts): PlannedRoom[] {
  const { imported, rooms } = parts.present
  const wishes = candidates
    .map(({ text, name }) => ({ key: roomKey(text), name: nearestRoomName(name) }))
    .filter(({ key }) => !imported.has(key))
  const names = giveNames(wishes, rooms, roomNames)
  return candidates.map(({ text, name: wanted, row }) => {
    const key = roomKey(text)
    const here = imported.get(key)
    const name = names.get(key) ?? nearestRoomName(wanted)
    if (here === undefined && row === null)
      parts.notices.tell('unlisted', `${quoted(text)} comes as ${name}.`)
    else if (here === undefined && name !== wanted)
      parts.notices.tell('room', `${quoted(wanted)} (${quoted(text)} in its address) comes as ${name}.`)
    return {
      key,
      id: (here as RoomId | undefined) ?? idOf<RoomId>(parts.identity, key),
      here: here !== undefined,
      name,
    }
  })
}

function nearestRoomName(text: string): string {
  const name = plainLine(text, limits.nameCharacters)
  return roomName.safeParse(name).success ? name : 'Unnamed room'
}
