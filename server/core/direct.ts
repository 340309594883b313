import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Room } from '../../contract/entities.ts'
import type { RoomId, UserId } from '../../contract/ids.ts'
import { userTopic, uuidOf } from '../../contract/ids.ts'
import { isActive, mayTakePart } from './access.ts'
import type { Answer, Identity, Known, KnownHandlers } from './answer.ts'
import type { Append, Change, Guard } from './change.ts'
import type { Stamp } from './people.ts'
import { hasPlace, joins } from './people.ts'
import { invalid, refusalOf } from './refusals.ts'
import { made } from './room-events.ts'
import type { SeenRoom } from './seen-room.ts'
import { seenRoom } from './seen-room.ts'
import type { Workings } from './workings.ts'
import { stampOf } from './workings.ts'
import type { Step } from './write.ts'
import { change, fresh, write } from './write.ts'

/** Rooms between people, which are nobody else's. */
export const directHandlers = (w: Workings): KnownHandlers<'direct.open'> => ({
  'direct.open': call => open(w, call),
})

/** The id follows from the sorted people: a UUIDv8 (RFC 9562, section 5.8) over the SHA-256 of their ids, joined by commas. */
const directRoomId = (sorted: readonly UserId[]): RoomId =>
  uuidOf(createHash('sha256').update(sorted.join(',')).digest(), 8) as RoomId

const saying = {
  too_many: 'One of these people is in as many rooms as one can be in.',
  not_found: 'One of these people is not there, or may not sign in any more.',
}

function open(w: Workings, { who, input }: Known<'direct.open'>): Promise<Answer<SeenRoom>> {
  const people = [...new Set([who.user, ...input.users])].sort()
  if (people.length < 2) return Promise.resolve(invalid('users', 'Choose one to nine other people.'))
  const id = directRoomId(people)
  const seen = () => seenRoom(w, who, id)
  return write(
    w.writer,
    async (): Promise<Step<SeenRoom>> => {
      const found = await w.store.room(id, who.user)
      if (!found) return { change: opening(id, people, stampOf(w, who)), done: seen }
      if (!isOf(people, found.room)) return { answer: notTheirs }
      if (!isHidden(found)) return { answer: await seen() }
      return { change: hiding(who, id, 0, stampOf(w, who)), done: seen }
    },
    saying,
  )
}

/** Before ids that the server derives were kept from clients, one could have been given to another room. */
const notTheirs = refusalOf(
  { code: 'id_taken' },
  { id_taken: 'Another room has the place of this conversation. Ask an administrator to delete that room.' },
)

const isOf = (people: readonly UserId[], { kind, people: found }: Room): boolean =>
  kind === 'direct' && isDeepStrictEqual(found, people)

/** Not listed: nothing was said since it was hidden. 0 hides nothing. */
function isHidden({ room, membership }: Pick<SeenRoom, 'room' | 'membership'>): boolean {
  const hidden = membership?.hidden ?? 0
  return hidden > 0 && (room.last?.seq ?? 0) <= hidden
}

/** For the others it stays unseen until something is said in it: its log is then at the seq that they hide it up to. */
function opening(id: RoomId, people: readonly UserId[], stamp: Stamp): Change {
  const room = {
    id,
    kind: 'direct' as const,
    name: '',
    topic: '',
    archived: false,
    everyone: false,
    createdAt: stamp.at,
    people: [...people],
  }
  const others = people.filter(person => person !== stamp.by)
  const unseen = others.map(
    (person): Append => ({
      topic: userTopic(person),
      event: { e: 'room.hidden', ...stamp, room: id, seq: people.length + 1 },
    }),
  )
  return change({
    guards: [
      isActive(stamp.by),
      ...others.map(
        (user): Guard => ({ if: 'user', user, state: 'active', refuse: 'not_found', field: 'users' }),
      ),
      ...people.map(hasPlace),
      fresh({ if: 'room unknown', room: id }),
    ],
    appends: [
      ...made(room, stamp),
      ...people.flatMap(person => joins(id, person, 'member', stamp)),
      ...unseen,
    ],
  })
}

/** One hides a direct room until something is said after `until`. */
export const hide = (
  w: Workings,
  who: Identity,
  of: { room: RoomId; until: number },
): Step<Record<string, never>> => ({
  change: hiding(who, of.room, of.until, stampOf(w, who)),
  done: () => ({ ok: {} }),
})

const hiding = (who: Identity, room: RoomId, seq: number, stamp: Stamp): Change =>
  change({
    guards: mayTakePart(who.user, room),
    appends: [{ topic: userTopic(who.user), event: { e: 'room.hidden', ...stamp, room, seq } }],
  })
