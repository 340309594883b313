import type { RoomKind } from '../../../contract/entities.ts'
import type { RoomId, TokenId, UserId } from '../../../contract/ids.ts'
import { newId, roomTopic } from '../../../contract/ids.ts'
import { hashSecret, newTokenSecret, systemRandom } from '../../core/authentication/secrets.ts'
import type { Append, Change, RowWrite } from '../../core/log/change.ts'
import { made } from '../../core/operations/rooms/room-events.ts'
import { joins, newPerson } from '../../core/operations/users/model.ts'
import type { Chance } from './chance.ts'
import { personNames, roomNames } from './words.ts'

/** A room while it is being filled: who is in it, and the newest messages, for quoting. */
export interface SeedRoom {
  readonly id: RoomId
  readonly members: UserId[]
}

/** Who and what there is before anybody speaks. `tokens`: a bearer token for each of `people`, in their order. */
export interface Town {
  readonly people: readonly UserId[]
  readonly places: readonly SeedRoom[]
  readonly tokens: readonly string[]
  /** Makes the rooms; then those who arrive come into them. */
  readonly rooms: readonly Change[]
  readonly arrivals: readonly Change[]
}

/** Rooms besides General and Random that each person is in. */
const others = 5

/** Plans the people and rooms, and the changes that make them. `owner` is in `everyone`, the rooms that all are in, already. */
export function planTown(
  of: { users: number; rooms: number; owner: UserId; everyone: readonly RoomId[]; hash: string; at: number },
  chance: Chance,
): Town {
  const everyone = of.everyone.map((id): SeedRoom => ({ id, members: [of.owner] }))
  const rooms = Array.from({ length: of.rooms - everyone.length }, (_, n) => planRoom(n, of, chance))
  const people = Array.from({ length: of.users }, (_, n) => planPerson(n, of, chance))
  const arrivals = people.map(({ id, change }) => {
    const joined = [
      ...everyone,
      ...some(
        rooms.map(({ place }) => place),
        others,
        chance,
      ),
    ]
    for (const place of joined) place.members.push(id)
    const appends = joined.flatMap(place => joins(place.id, id, 'member', { by: id, at: of.at }))
    return { ...change, appends: [...change.appends, ...appends] }
  })
  return {
    people: people.map(({ id }) => id),
    places: [...everyone, ...rooms.map(({ place }) => place)],
    tokens: people.map(({ secret }) => secret),
    rooms: rooms.map(({ change }) => change),
    arrivals,
  }
}

function planRoom(n: number, { owner, at }: { owner: UserId; at: number }, chance: Chance) {
  const id = newId<RoomId>(at)
  const kind: RoomKind = n % 5 === 4 ? 'private' : 'public'
  const stamp = { by: owner, at }
  const room = { id, kind, ...roomNames(n, chance), archived: false, everyone: false, createdAt: at }
  const appends = [...made(room, stamp), ...joins(id, owner, 'manager', stamp)]
  const place: SeedRoom = { id, members: [owner] }
  return { place, change: { guards: [], appends, rows: [] } }
}

function planPerson(n: number, { hash, at }: { hash: string; at: number }, chance: Chance) {
  const id = newId<UserId>(at)
  const names = personNames(n, chance)
  const { email: _, ...person } = newPerson({ id, username: names.username, role: 'member', at })
  const event = { e: 'user.added', by: id, at, user: { ...person, ...names } } as const
  const appends: Append[] = [{ topic: 'workspace', event }]
  const secret = newTokenSecret(systemRandom)
  const token = {
    id: newId<TokenId>(at),
    user: id,
    name: 'Trial',
    hash: hashSecret(secret),
    at,
    expires: null,
  }
  const rows: RowWrite[] = [
    { row: 'credential', user: id, hash },
    { row: 'token', token },
  ]
  return { id, secret, change: { guards: [], appends, rows } }
}

/** So many different ones, or all where there are fewer. */
function some<T>(things: readonly T[], many: number, chance: Chance): T[] {
  const taken = new Set<T>()
  while (taken.size < Math.min(many, things.length)) taken.add(chance.of(things))
  return [...taken]
}

/** Moves the markers of most people to the end of most of their rooms: somebody has always not read something. */
export function planReading(
  places: readonly SeedRoom[],
  heads: ReadonlyMap<string, number>,
  at: number,
  chance: Chance,
): Append[] {
  return places.flatMap(({ id, members }) => {
    const seq = heads.get(roomTopic(id)) ?? 0
    const readers = members.filter(() => chance.is(0.6))
    return readers.map(
      (user): Append => ({
        topic: `user:${user}`,
        event: { e: 'read.moved', by: user, at, room: id, seq, head: seq },
      }),
    )
  })
}
