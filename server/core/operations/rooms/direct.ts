import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Membership, Room } from '../../../../contract/entities.ts'
import type { RoomId, UserId } from '../../../../contract/ids.ts'
import { userTopic, uuidOf } from '../../../../contract/ids.ts'
import type { Output } from '../../../../contract/operations.ts'
import { isActive, isDirect, mayTakePart } from '../../access.ts'
import type { Answer, Identity } from '../../answer.ts'
import { isRefusal } from '../../answer.ts'
import type { Admitted, NounHandlers } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { stampOf } from '../../context.ts'
import type { Change, Guard } from '../../log/change.ts'
import type { Step } from '../../log/write.ts'
import { change, fresh, write } from '../../log/write.ts'
import type { RoomOf } from '../../ports/store.ts'
import { invalid, refusalOf } from '../../refusals.ts'
import { combined, listing } from '../gathering.ts'
import type { Stamp } from '../users/model.ts'
import { hasPlace, joins, leaves } from '../users/model.ts'
import { made } from './room-events.ts'
import type { SeenRoom } from './seen-room.ts'
import { joinedRoom, madeRoom, seenAfter, seenRoom } from './seen-room.ts'

/** Rooms between people, which are nobody else's. */
export const directHandlers = (context: OperationContext): NounHandlers<'direct.open' | 'direct.remove'> => ({
  'direct.open': call => open(context, call),
  'direct.remove': call => remove(context, call),
})

/** The id follows from the sorted people: a UUIDv8 (RFC 9562, section 5.8) over the SHA-256 of their ids, joined by commas. */
const directRoomId = (sorted: readonly UserId[]): RoomId =>
  uuidOf(createHash('sha256').update(sorted.join(',')).digest(), 8) as RoomId

const saying = {
  not_found: 'One of these people is not there, or may not sign in any more.',
}

async function open(context: OperationContext, call: Admitted<'direct.open'>): Promise<Answer<SeenRoom>> {
  const { who, input } = call
  const people = [...new Set([who.user, ...input.users])].sort()
  if (people.length < 2) return invalid('users', 'Choose one to nine other people.')
  const id = directRoomId(people)
  return write(
    context.writer,
    async (): Promise<Step<SeenRoom>> => {
      const found = await context.store.room(id, who.user)
      if (!found) return making(context, who, directRoom(id, people, context.clock.now()))
      if (await isWithoutPeople(context, found.room, people))
        return { change: peopled(id, people), done: () => open(context, call) }
      if (!isOf(people, found.room)) return { answer: notTheirs }
      if (!found.membership) return returning(context, who, found)
      return showing(context, who, { ...found, membership: found.membership })
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

/** An older node made it beside a newer one: its people are those whom its id follows from, and its members are among them. */
async function isWithoutPeople(
  context: OperationContext,
  room: Room,
  people: readonly UserId[],
): Promise<boolean> {
  if (room.kind !== 'direct' || room.people?.length) return false
  const { users } = await context.store.memberIds(room.id)
  return users.length > 0 && users.every(user => people.includes(user))
}

const peopled = (room: RoomId, people: readonly UserId[]): Change =>
  change({
    guards: [fresh({ if: 'room', room, kinds: ['direct'] })],
    rows: [{ row: 'people', room, people }],
  })

/** Not listed: nothing was said since it was hidden. 0 hides nothing. */
function isHidden({ room, membership }: Pick<SeenRoom, 'room' | 'membership'>): boolean {
  const hidden = membership?.hidden ?? 0
  return hidden > 0 && (room.last?.seq ?? 0) <= hidden
}

const directRoom = (id: RoomId, people: readonly UserId[], createdAt: number) => ({
  id,
  kind: 'direct' as const,
  name: '',
  topic: '',
  archived: false,
  everyone: false,
  createdAt,
  people: [...people],
})

/** The others have it from the first message on: who opens rooms with somebody puts nothing in their way. */
async function making(
  context: OperationContext,
  who: Identity,
  room: ReturnType<typeof directRoom>,
): Promise<Step<SeenRoom>> {
  const late = await context.rates.direct(who.user)
  if (late) return { answer: late }
  const stamp = stampOf(context, who)
  const others = room.people.filter(person => person !== stamp.by)
  return {
    change: change({
      guards: [
        isActive(stamp.by),
        ...others.map(
          (user): Guard => ({ if: 'user', user, state: 'active', refuse: 'not_found', field: 'users' }),
        ),
        hasPlace(stamp.by),
        fresh({ if: 'room unknown', room: room.id }),
      ],
      appends: [...made(room, stamp), ...joins(room.id, stamp.by, 'member', stamp)],
    }),
    done: outcome => ({ ok: madeRoom(room, 'member', outcome) }),
  }
}

/** Whoever left it, or was never written to in it, has it from now on. */
function returning(context: OperationContext, who: Identity, found: RoomOf): Step<SeenRoom> {
  const { id } = found.room
  return {
    change: change({
      guards: [
        isActive(who.user),
        fresh({ if: 'room', room: id, kinds: ['direct'] }),
        fresh({ if: 'not a member', room: id, user: who.user }),
        hasPlace(who.user),
      ],
      appends: joins(id, who.user, 'member', stampOf(context, who)),
    }),
    done: outcome => seenAfter(context, who, joinedRoom(found, 'member', outcome)),
  }
}

/** Where one has it, it is in one's list: with all that was said where it was set aside, and no longer hidden. */
async function showing(
  context: OperationContext,
  who: Identity,
  found: RoomOf & { readonly membership: Membership },
): Promise<Step<SeenRoom>> {
  const { id } = found.room
  const stamp = stampOf(context, who)
  const missing = await context.store.notHere(id)
  const isSetAside = missing.some(one => one.user === who.user && one.isSetAside)
  if (!isSetAside && !isHidden(found)) return { answer: await seenRoom(context, who, id) }
  const shown = { ...found, membership: { ...found.membership, hidden: 0 } }
  const parts = [
    ...(isSetAside ? [change({ guards: [hasPlace(who.user)] }), listing(id, who.user, stamp)] : []),
    ...(isHidden(found) ? [hiding(who, id, 0, stamp)] : []),
  ]
  return { change: combined(parts), done: () => seenAfter(context, who, shown) }
}

/** One hides a direct room until something is said after `until`. */
export const hide = (
  context: OperationContext,
  who: Identity,
  of: { room: RoomId; until: number },
): Step<Record<string, never>> => ({
  change: hiding(who, of.room, of.until, stampOf(context, who)),
  done: () => ({ ok: {} }),
})

const hiding = (who: Identity, room: RoomId, seq: number, stamp: Stamp): Change =>
  change({
    guards: mayTakePart(who.user, room),
    appends: [{ topic: userTopic(who.user), event: { e: 'room.hidden', ...stamp, room, seq } }],
  })

/** For oneself. Whoever is the last to delete it deletes what was said in it too. */
async function remove(
  context: OperationContext,
  { who, input: { id } }: Admitted<'direct.remove'>,
): Promise<Answer<Output<'direct.remove'>>> {
  return write(context.writer, async (): Promise<Step<Output<'direct.remove'>>> => {
    const asker = await context.access.asker(who)
    if (isRefusal(asker)) return { answer: asker }
    const seen = await context.access.room(asker, id)
    if (isRefusal(seen)) return { answer: seen }
    const other = await otherMember(context, id, who.user)
    const guards = [...mayTakePart(who.user, id), isDirect(id)]
    const stamp = stampOf(context, who)
    return {
      change: other
        ? change({
            guards: [...guards, fresh({ if: 'member', room: id, user: other })],
            appends: leaves(id, who.user, stamp),
          })
        : change({
            guards: [...guards, fresh({ if: 'nobody else', room: id, than: who.user })],
            appends: [{ topic: userTopic(who.user), event: { e: 'room.removed', ...stamp, room: id } }],
            rows: [{ row: 'room erased', room: id }],
          }),
      done: () => ({ ok: {} }),
    }
  })
}

/** Somebody else who has the room and can still come to read it. */
async function otherMember(context: OperationContext, room: RoomId, me: UserId): Promise<UserId | undefined> {
  const { users: ids } = await context.store.memberIds(room)
  const others = ids.filter(id => id !== me).slice(0, 10)
  if (others.length === 0) return undefined
  const { users } = await context.store.users({ ids: others })
  return users.find(user => user.state !== 'deleted')?.id
}
