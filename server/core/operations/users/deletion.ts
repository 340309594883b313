import type { RoomId, UserId } from '../../../../contract/ids.ts'
import type { Output } from '../../../../contract/operations.ts'
import { isActive, mayLoseOwner, mayTouch, unchanged } from '../../access.ts'
import type { Answer, Identity } from '../../answer.ts'
import { confirmedBy } from '../../authentication/confirmation.ts'
import type { Admitted } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { stampOf } from '../../context.ts'
import type { Guard, RowWrite } from '../../log/change.ts'
import type { Step } from '../../log/write.ts'
import { change, fresh, write } from '../../log/write.ts'
import { notFound, refusalOf } from '../../refusals.ts'
import { avatarFilesOf } from './avatars.ts'
import type { Person } from './model.ts'
import { leaves } from './model.ts'
import { purge } from './purges.ts'

/** One's own account goes only where the password was given a short while ago. */
export function removeMe(
  context: OperationContext,
  call: Admitted<'me.remove'>,
): Promise<Answer<Output<'me.remove'>>> {
  const { who, input } = call
  const guards = [isActive(who.user), ...confirmedBy(context, 'me.remove', call)]
  return remove(context, who, {
    target: who.user,
    guards,
    messages: input.messages,
    cookie: { cookie: null },
  })
}

/** Somebody else's account. One's own is deleted by oneself. */
export function removeUser(
  context: OperationContext,
  call: Admitted<'users.remove'>,
): Promise<Answer<Output<'users.remove'>>> {
  const { who, input } = call
  if (who.user === input.id)
    return Promise.resolve(
      refusalOf({ code: 'denied' }, { denied: 'Delete your own account from your profile.' }),
    )
  const guards = [...mayTouch(who.user, input.id), ...confirmedBy(context, 'users.remove', call)]
  return remove(context, who, { target: input.id, guards, messages: input.messages, cookie: {} })
}

interface Removal {
  readonly target: UserId
  readonly guards: readonly Guard[]
  readonly messages: 'keep' | 'delete'
  readonly cookie: { cookie?: null }
}

/**
 * In one change the account loses its names, its keys and its rooms; direct rooms go on showing that somebody was there. Messages that
 * are to go follow in batches, after the answer and, if need be, after a restart.
 */
function remove(
  context: OperationContext,
  who: Identity,
  of: Removal,
): Promise<Answer<Record<string, never>>> {
  return write(context.writer, async (): Promise<Step<Record<string, never>>> => {
    const person = await context.store.user(of.target)
    if (!person || person.state === 'deleted') return { answer: notFound }
    const { rooms } = await context.store.rooms(person.id, 'mine')
    const left = rooms.filter(room => room.kind !== 'direct').map(room => room.id)
    const files = await avatarFilesOf(context, person.avatar)
    const stamp = stampOf(context, who)
    return {
      change: change({
        guards: [
          ...of.guards,
          ...ownerStays(person),
          unchanged(person),
          ...sameRooms(person, rooms.length, left),
        ],
        appends: [
          ...left.flatMap(room => leaves(room, person.id, stamp)),
          { topic: 'workspace', event: { e: 'user.removed', ...stamp, user: person.id } },
        ],
        rows: ends(person.id, of.messages),
      }),
      done: () => {
        context.background(() => context.fileStore.collect(files))
        if (of.messages === 'delete') context.background(stopping => purge(context, person.id, stopping))
        return { ok: {}, ...of.cookie }
      },
    }
  })
}

const ownerStays = (person: Person): Guard[] => (person.role === 'owner' ? [mayLoseOwner(person.id)] : [])

/** They are still in these rooms and in no others: nobody stays behind in a room as a nameless member. */
const sameRooms = (person: Person, count: number, left: readonly RoomId[]): Guard[] => [
  fresh({ if: 'fewer rooms', user: person.id, than: count + 1, which: 'any' }),
  ...left.map(room => fresh({ if: 'member', room, user: person.id })),
]

const ends = (user: UserId, messages: 'keep' | 'delete'): RowWrite[] => [
  { row: 'sessions ended', user },
  { row: 'tokens ended', user },
  { row: 'devices forgotten', user },
  ...(messages === 'delete' ? [{ row: 'purge' as const, user }] : []),
]
