import type { Message, RoomKind } from '../../contract/entities.ts'
import type { AvatarId, MessageId, RoomId, Seq, SessionId, UserId } from '../../contract/ids.ts'
import { addressOf } from '../../contract/names.ts'
import type { Identity, Refusal } from './answer.ts'
import type { Condition, Guard } from './log/change.ts'
import { fresh } from './log/write.ts'
import type { Person } from './operations/users/model.ts'
import type { Overseen } from './ports/history.ts'
import type { RoomOf, Store, StoreSnapshot } from './ports/store.ts'
import { denied, notFound, signedOut } from './refusals.ts'

/** Who is asking, as the store knows them now: active. */
export interface Asker {
  readonly who: Identity
  readonly me: Person
}

/**
 * The one way to a room, a message, a picture and to other people's accounts: through who is asking. For reading it answers the thing
 * or the refusal; for writing it answers guards, which the Store checks under the lock of what is written (A3). What may not be seen
 * and what is not there are refused in the same bytes (A2).
 *
 * Nothing of a room is read before that: how long an answer takes tells nothing of what one may not see. What is read after it is one's
 * own to read only if one still may: `reading` asks again.
 */
export interface Access {
  asker(who: Identity): Promise<Asker | Refusal>
  administrator(who: Identity): Promise<Asker | Refusal>
  /** Everything that is one's own to see at the start. */
  snapshot(asker: Asker): Promise<StoreSnapshot | Refusal>
  /** With how many members each has. `all`, for administrators, adds private rooms; never others' direct ones. */
  rooms(asker: Asker, which: 'visible' | 'mine' | 'all'): ReturnType<Store['rooms']>
  room(asker: Asker, room: RoomId): Promise<RoomOf | Refusal>
  /** The room that a name in an address leads to: the public one that has it, else the last that had it while it was public. */
  roomNamed(asker: Asker, name: string): Promise<RoomOf | Refusal>
  message(asker: Asker, message: MessageId): Promise<{ message: Message; seq: Seq } | Refusal>
  /** What administrators look through; a direct room is none of it, their own neither. */
  overseen(asker: Asker, which: Overseen): Promise<Awaited<ReturnType<Store['messagesOverseen']>> | Refusal>
  /** What `read` finds in a room, where one may see that before and after. `above`: what one deleted a direct room up to. */
  reading<T>(
    asker: Asker,
    room: RoomId,
    read: (above: Seq) => Promise<T | Refusal>,
  ): Promise<{ readonly read: T } | Refusal>
  /** The content hash of a picture in the size with this side. */
  avatar(asker: Asker, avatar: AvatarId, side: number): Promise<string | Refusal>
}

export class StoreAccess implements Access {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async asker(who: Identity): Promise<Asker | Refusal> {
    const me = await this.#store.user(who.user)
    return me?.state === 'active' ? { who, me } : signedOut
  }

  async administrator(who: Identity): Promise<Asker | Refusal> {
    const asked = await this.asker(who)
    if ('error' in asked) return asked
    return isAdministrator(asked.me) ? asked : denied
  }

  async snapshot(asked: Asker): Promise<StoreSnapshot | Refusal> {
    return (await this.#store.snapshot(asked.me.id)) ?? signedOut
  }

  rooms(asked: Asker, which: Parameters<Access['rooms']>[1]): ReturnType<Access['rooms']> {
    return this.#store.rooms(asked.me.id, which === 'all' && !isAdministrator(asked.me) ? 'visible' : which)
  }

  async room(asked: Asker, id: RoomId): Promise<RoomOf | Refusal> {
    const found = await this.#store.room(id, asked.me.id)
    return found && maySee(asked, found) ? found : notFound
  }

  async roomNamed(asked: Asker, name: string): Promise<RoomOf | Refusal> {
    return firstSeen(await this.#store.roomsNamed(addressOf(name)), id => this.room(asked, id))
  }

  async message(asked: Asker, id: MessageId): ReturnType<Access['message']> {
    const found = await this.#store.message(id)
    // Where there is no message, as much is asked of the store as for one in a room that one may not see.
    const where = await this.room(asked, found?.message.room ?? (id as string as RoomId))
    if (!found || 'error' in where || found.message.seq <= deletedUpTo(where)) return notFound
    return found
  }

  async reading<T>(
    asked: Asker,
    id: RoomId,
    read: (above: Seq) => Promise<T | Refusal>,
  ): Promise<{ readonly read: T } | Refusal> {
    const before = await this.room(asked, id)
    if ('error' in before) return before
    const found = await read(deletedUpTo(before))
    if (typeof found === 'object' && found !== null && 'error' in found) return found
    const after = await this.room(asked, id)
    return 'error' in after ? after : { read: found }
  }

  async overseen(asked: Asker, which: Overseen): ReturnType<Access['overseen']> {
    if (!isAdministrator(asked.me)) return denied
    const where = which.room === null ? null : await this.room(asked, which.room)
    if (where && ('error' in where || where.room.kind === 'direct')) return notFound
    return this.#store.messagesOverseen(which)
  }

  async avatar(_: Asker, id: AvatarId, side: number): Promise<string | Refusal> {
    return (await this.#store.avatar(id))?.[side] ?? notFound
  }
}

/** Of some rooms the first that one may see. */
async function firstSeen(
  ids: readonly RoomId[],
  see: (id: RoomId) => Promise<RoomOf | Refusal>,
): Promise<RoomOf | Refusal> {
  for (const id of ids) {
    const found = await see(id)
    if (!('error' in found)) return found
  }
  return notFound
}

export const isAdministrator = (person: Person): boolean =>
  person.role === 'owner' || person.role === 'administrator'

/** Administrators oversee private rooms; a direct room is nobody's but its people's. */
function maySee(asked: Asker, { room, membership }: RoomOf): boolean {
  if (membership) return true
  if (room.kind === 'public') return true
  if (room.kind === 'private') return isAdministrator(asked.me)
  return false
}

/** In a direct room one reads what was said since one has it: whoever deletes it for themselves begins anew. */
export const deletedUpTo = ({ room, membership }: Had): Seq =>
  room.kind === 'direct' ? (membership?.since ?? 0) : 0

/** A room, and since when somebody is in it. */
interface Had {
  readonly room: { readonly kind: RoomKind }
  readonly membership: { readonly since: Seq } | null
}

const administrates = (user: UserId): Condition => ({ if: 'user', user, roles: ['owner', 'administrator'] })
const owns = (user: UserId): Condition => ({ if: 'user', user, roles: ['owner'] })
const isMember = (room: RoomId, user: UserId): Condition => ({ if: 'member', room, user })
const manages = (room: RoomId, user: UserId): Condition => ({ if: 'member', room, user, roles: ['manager'] })
const notDirect = (room: RoomId): Condition => ({ if: 'room', room, kinds: ['public', 'private'] })
const isPublic = (room: RoomId): Condition => ({ if: 'room', room, kinds: ['public'] })

export const isActive = (user: UserId): Guard => ({ if: 'user', user, state: 'active', refuse: 'signed_out' })
export const notArchived = (room: RoomId): Guard => ({
  if: 'room',
  room,
  archived: false,
  refuse: 'archived',
})

/** The conditions of `maySee`, in the form that the Store checks. */
const sees = (user: UserId, room: RoomId): readonly Guard[] => [
  isActive(user),
  { if: 'any', of: [isMember(room, user), notDirect(room)], refuse: 'not_found' },
  { if: 'any', of: [isMember(room, user), isPublic(room), administrates(user)], refuse: 'not_found' },
]

export const mayTakePart = (user: UserId, room: RoomId): readonly Guard[] => [
  ...sees(user, room),
  { ...isMember(room, user), refuse: 'denied' },
]

export const mayPost = (user: UserId, room: RoomId): readonly Guard[] => [
  ...mayTakePart(user, room),
  notArchived(room),
]

/** Any member quotes any message of the room that they may read: of a direct room none from before they deleted it for themselves. */
export const mayQuote = (user: UserId, room: RoomId, message: MessageId): readonly Guard[] => {
  const stands: Condition = { if: 'message', room, message }
  const refused = { refuse: 'not_found', field: 'quote' } as const
  return [
    { ...stands, ...refused },
    { if: 'any', of: [notDirect(room), { ...stands, sinceOf: user }], ...refused },
  ]
}

export const mayEdit = (user: UserId, of: Message, was: number): readonly Guard[] => [
  ...mayPost(user, of.room),
  { if: 'message', room: of.room, message: of.id, refuse: 'not_found' },
  { if: 'message', room: of.room, message: of.id, author: user, refuse: 'denied' },
  { if: 'message', room: of.room, message: of.id, rev: was, refuse: 'changed', field: 'was' },
]

/** One's own message, or, for who manages or oversees the room, anyone's; in a direct room nobody's but one's own. */
export const mayDelete = (user: UserId, of: Message): readonly Guard[] => {
  const own: Condition = { if: 'message', room: of.room, message: of.id, author: user }
  return [
    ...sees(user, of.room),
    { if: 'message', room: of.room, message: of.id, refuse: 'not_found' },
    { if: 'any', of: [own, notDirect(of.room)], refuse: 'denied' },
    { if: 'any', of: [own, manages(of.room, user), administrates(user)], refuse: 'denied' },
  ]
}

/** Renames, archives, turns it public or private, changes roles, removes people. */
export const mayManage = (user: UserId, room: RoomId): readonly Guard[] => [
  ...sees(user, room),
  { ...notDirect(room), refuse: 'denied' },
  { if: 'any', of: [manages(room, user), administrates(user)], refuse: 'denied' },
]

export const mayAdd = (user: UserId, room: RoomId): readonly Guard[] => [
  ...sees(user, room),
  { ...notDirect(room), refuse: 'denied' },
  { if: 'any', of: [isMember(room, user), administrates(user)], refuse: 'denied' },
  notArchived(room),
]

export const mayJoin = (user: UserId, room: RoomId): readonly Guard[] => [
  ...sees(user, room),
  { ...isPublic(room), refuse: 'denied' },
  notArchived(room),
]

export const isDirect = (room: RoomId): Guard => ({ if: 'room', room, kinds: ['direct'], refuse: 'denied' })

/** A direct room is hidden, or deleted for oneself. */
export const mayLeave = (user: UserId, room: RoomId): readonly Guard[] => [
  ...mayTakePart(user, room),
  { ...notDirect(room), refuse: 'denied' },
]

export const mayErase = (user: UserId, room: RoomId): readonly Guard[] => [
  ...mayAdminister(user),
  ...sees(user, room),
  { ...notDirect(room), refuse: 'denied' },
]

export const mayAdminister = (user: UserId): readonly Guard[] => [
  isActive(user),
  { ...administrates(user), refuse: 'denied' },
]

/** An owner touches everybody; an administrator touches members and themselves. */
export const mayTouch = (user: UserId, target: UserId): readonly Guard[] => {
  const isSelf = user === target
  const member: Condition = { if: 'user', user: target, roles: ['member'] }
  return [
    ...mayAdminister(user),
    ...(isSelf ? [] : [{ if: 'any' as const, of: [owns(user), member], refuse: 'denied' as const }]),
  ]
}

/** Only an owner makes owners and administrators, or makes them members again. */
export const mayGiveRoles = (user: UserId): readonly Guard[] => [
  isActive(user),
  { ...owns(user), refuse: 'denied', field: 'role' },
]

/** The password was given in this session at or after `since`. It never holds for a token, whose id no session has. */
export const isConfirmed = ({ id }: Identity, since: number): Guard => ({
  if: 'session confirmed',
  session: id as SessionId,
  since,
  refuse: 'confirm_needed',
})

/** There is another owner than this one, who is about to be one no longer. */
export const mayLoseOwner = (than: UserId): Guard => ({ if: 'another owner', than, refuse: 'last_owner' })

/** The person is still what they were when this was decided. */
export const unchanged = (user: Person): Guard => fresh({ if: 'user unchanged', user })
