import type { MemberRole } from '../../../../contract/entities.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { Output } from '../../../../contract/operations.ts'
import { mayAdd, mayLeave, mayManage } from '../../access.ts'
import type { Answer } from '../../answer.ts'
import { isRefusal } from '../../answer.ts'
import type { Admitted, NounHandlers } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { stampOf } from '../../context.ts'
import type { Append, Guard } from '../../log/change.ts'
import type { Step } from '../../log/write.ts'
import { change, fresh, write } from '../../log/write.ts'
import { hasPlace, joins, leaves, mayBePut } from '../users/model.ts'
import { headIn } from './seen-room.ts'

/** Who is in a room. */
export const memberHandlers = (
  context: OperationContext,
): NounHandlers<'members.list' | 'members.put' | 'members.remove'> => ({
  'members.list': call => list(context, call),
  'members.put': call => put(context, call),
  'members.remove': call => remove(context, call),
})

async function list(
  context: OperationContext,
  { asker, input }: Admitted<'members.list'>,
): Promise<Answer<Output<'members.list'>>> {
  const limit = input.limit ?? limits.membersAPage
  const found = await context.access.reading(asker, input.id, () =>
    context.store.membersOf(input.id, { after: input.after ?? null, limit: limit + 1 }),
  )
  if (isRefusal(found)) return found
  const { members, seq } = found.read
  return { ok: { members: members.slice(0, limit), more: members.length > limit, seq } }
}

const saying = { too_many: 'Others have put them in as many rooms as they may. They can join by themselves.' }

/** Adds them, or gives another role to who is in already. Who is added without a role named is a member; who is in keeps theirs. */
async function put(
  context: OperationContext,
  { who, input }: Admitted<'members.put'>,
): Promise<Answer<Output<'members.put'>>> {
  return write(
    context.writer,
    async (): Promise<Step<Output<'members.put'>>> => {
      const asker = await context.access.asker(who)
      if (isRefusal(asker)) return { answer: asker }
      const seen = await context.access.room(asker, input.id)
      if (isRefusal(seen)) return { answer: seen }
      const before = await context.store.membership(input.id, input.user)
      const role = input.role ?? before?.role ?? 'member'
      const late = before ? null : await context.rates.add(who.user, input.user)
      if (late) return { answer: late }
      const { guards, appends } = before
        ? another(context, { who, input }, role)
        : added(context, { who, input }, role)
      const isSame = before?.role === role
      return {
        change: change({ guards, appends: isSame ? [] : appends }),
        done: outcome => {
          const seq = headIn(outcome, input.id) || seen.seq
          return { ok: { member: { user: input.user, role, since: before?.since ?? seq }, seq } }
        },
      }
    },
    saying,
  )
}

type Put = Pick<Admitted<'members.put'>, 'who' | 'input'>

function added(
  context: OperationContext,
  { who, input: { id, user } }: Put,
  role: MemberRole,
): { guards: Guard[]; appends: Append[] } {
  const manages = role === 'manager' ? mayManage(who.user, id) : []
  return {
    guards: [
      ...mayAdd(who.user, id),
      ...manages,
      { if: 'user', user, state: 'active', refuse: 'not_found', field: 'user' },
      fresh({ if: 'not a member', room: id, user }),
      user === who.user ? hasPlace(user) : mayBePut(user),
    ],
    appends: joins(id, user, role, stampOf(context, who)),
  }
}

/** Naming the role that somebody has asks for no more than adding them does. */
function another(
  context: OperationContext,
  { who, input: { id, user, role: named } }: Put,
  role: MemberRole,
) {
  const guards = named === undefined ? mayAdd(who.user, id) : mayManage(who.user, id)
  const event: Append['event'] = { e: 'member.changed', ...stampOf(context, who), user, role }
  return {
    guards: [...guards, fresh({ if: 'member', room: id, user })],
    appends: [{ topic: roomTopic(id), event }],
  }
}

/** Removing oneself is leaving, which needs no right over the room. */
async function remove(
  context: OperationContext,
  { who, input }: Admitted<'members.remove'>,
): Promise<Answer<Output<'members.remove'>>> {
  const { id, user } = input
  const guards = user === who.user ? mayLeave(who.user, id) : mayManage(who.user, id)
  return write(context.writer, async () => ({
    change: change({
      guards: [...guards, { if: 'member', room: id, user, refuse: 'not_found', field: 'user' }],
      appends: leaves(id, user, stampOf(context, who)),
    }),
    done: outcome => ({ ok: { seq: headIn(outcome, id) } }),
  }))
}
