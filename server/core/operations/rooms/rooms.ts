import { isDeepStrictEqual } from 'node:util'
import type { Room } from '../../../../contract/entities.ts'
import type { Output, Parsed } from '../../../../contract/operations.ts'
import { isActive, isAdministrator, mayJoin, mayLeave, mayManage } from '../../access.ts'
import type { Answer } from '../../answer.ts'
import { isRefusal } from '../../answer.ts'
import { fingerprintOf } from '../../authentication/secrets.ts'
import type { Admitted, NounHandlers } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { stampOf } from '../../context.ts'
import type { Step } from '../../log/write.ts'
import { change, fresh, write } from '../../log/write.ts'
import { denied, refusalOf } from '../../refusals.ts'
import { hasPlace, joins, leaves } from '../users/model.ts'
import { hide } from './direct.ts'
import { eraseRoom } from './erasure.ts'
import { altered, fieldsOf, made } from './room-events.ts'
import type { SeenRoom } from './seen-room.ts'
import { headIn, joinedRoom, madeRoom, seenAfter, seenBy, seenRoom } from './seen-room.ts'

type Names =
  | 'rooms.list'
  | 'rooms.create'
  | 'rooms.get'
  | 'rooms.named'
  | 'rooms.change'
  | 'rooms.remove'
  | 'rooms.join'
  | 'rooms.leave'

/** Rooms, and coming and going oneself. */
export const roomHandlers = (context: OperationContext): NounHandlers<Names> => ({
  'rooms.list': call => list(context, call),
  'rooms.create': call => create(context, call),
  'rooms.get': ({ asker, input }) => seenBy(context, asker, input.id),
  'rooms.named': call => named(context, call),
  'rooms.change': call => changeRoom(context, call),
  'rooms.remove': call => eraseRoom(context, call),
  'rooms.join': call => join(context, call),
  'rooms.leave': call => leave(context, call),
})

async function list(
  context: OperationContext,
  { asker, input }: Admitted<'rooms.list'>,
): Promise<Answer<Output<'rooms.list'>>> {
  if (input.which === 'all' && !isAdministrator(asker.me)) return denied
  const { rooms, seq } = await context.access.rooms(asker, input.which ?? 'visible')
  return { ok: { rooms: [...rooms], seq } }
}

async function named(
  context: OperationContext,
  { asker, input }: Admitted<'rooms.named'>,
): Promise<Answer<Output<'rooms.named'>>> {
  const room = await context.access.roomNamed(asker, input.name)
  return isRefusal(room) ? room : { ok: { id: room.room.id } }
}

const nameTaken = {
  taken: 'A public room has this name, or one that looks the same. Join it, or choose another name.',
}

async function create(
  context: OperationContext,
  { who, input }: Admitted<'rooms.create'>,
): Promise<Answer<SeenRoom>> {
  const { id, kind, name, topic = '' } = input
  // Who asks again for what they made has made no other.
  const late = isRefusal(await seenRoom(context, who, id)) ? await context.rates.room(who.user) : null
  if (late) return late
  const stamp = stampOf(context, who)
  const { salt } = await context.workspace.fixed()
  const room = { id, kind, name, topic, archived: false, everyone: false, createdAt: stamp.at }
  const outcome = await context.writer.commit(
    change({
      idempotencyKey: {
        of: 'room',
        id,
        author: who.user,
        fingerprint: fingerprintOf(salt, [kind, name, topic]),
      },
      guards: [isActive(who.user), hasPlace(who.user)],
      appends: [...made(room, stamp), ...joins(id, who.user, 'manager', stamp)],
    }),
  )
  if (outcome.is === 'refused') return refusalOf(outcome, nameTaken)
  return outcome.is === 'done' ? { ok: madeRoom(room, 'manager', outcome) } : seenRoom(context, who, id)
}

async function changeRoom(
  context: OperationContext,
  { who, input }: Admitted<'rooms.change'>,
): Promise<Answer<Output<'rooms.change'>>> {
  const { id } = input
  return write(
    context.writer,
    async (): Promise<Step<Output<'rooms.change'>>> => {
      const before = await seenRoom(context, who, id)
      if (isRefusal(before)) return { answer: before }
      const { people: _, ...was } = fieldsOf(before.ok.room)
      const room = withChanges(was, input)
      const appends = isDeepStrictEqual(was, room) ? [] : altered(was, room, stampOf(context, who))
      return {
        change: change({
          guards: [...mayManage(who.user, id), fresh({ if: 'room unchanged', room: was })],
          appends,
        }),
        done: async outcome => {
          const seq = headIn(outcome, id) || before.ok.seq
          const now = await seenAfter(context, who, {
            ...before.ok,
            room: { ...before.ok.room, ...room },
            seq,
          })
          return { ok: { room: now.ok.room, seq: now.ok.seq } }
        },
      }
    },
    nameTaken,
  )
}

/** A room that is no longer public is no longer everyone's. */
function withChanges(
  was: Omit<Room, 'last' | 'people'>,
  input: Parsed<'rooms.change'>,
): Omit<Room, 'last' | 'people'> {
  const kind = input.kind ?? was.kind
  return {
    ...was,
    kind,
    name: input.name ?? was.name,
    topic: input.topic ?? was.topic,
    archived: input.archived ?? was.archived,
    everyone: was.everyone && kind === 'public',
  }
}

async function join(
  context: OperationContext,
  { who, input }: Admitted<'rooms.join'>,
): Promise<Answer<SeenRoom>> {
  return write(context.writer, async (): Promise<Step<SeenRoom>> => {
    const before = await seenRoom(context, who, input.id)
    if (isRefusal(before) || before.ok.membership) return { answer: before }
    const notYet = fresh({ if: 'not a member', room: input.id, user: who.user })
    return {
      change: change({
        guards: [...mayJoin(who.user, input.id), notYet, hasPlace(who.user)],
        appends: joins(input.id, who.user, 'member', stampOf(context, who)),
      }),
      done: outcome => seenAfter(context, who, joinedRoom(before.ok, 'member', outcome)),
    }
  })
}

/** Leaving where one is not changes nothing, and tells nothing that one may not see. */
async function leave(
  context: OperationContext,
  { who, input }: Admitted<'rooms.leave'>,
): Promise<Answer<Output<'rooms.leave'>>> {
  return write(context.writer, async (): Promise<Step<Output<'rooms.leave'>>> => {
    const asker = await context.access.asker(who)
    if (isRefusal(asker)) return { answer: asker }
    const seen = await context.access.room(asker, input.id)
    if (isRefusal(seen)) return { answer: seen }
    if (!seen.membership) return { answer: { ok: {} } }
    if (seen.room.kind === 'direct') return hide(context, who, { room: input.id, until: seen.seq })
    return {
      change: change({
        guards: [...mayLeave(who.user, input.id)],
        appends: leaves(input.id, who.user, stampOf(context, who)),
      }),
      done: () => ({ ok: {} }),
    }
  })
}
