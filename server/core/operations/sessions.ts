import type { Output } from '../../../contract/operations.ts'
import { isActive } from '../access.ts'
import type { Answer } from '../answer.ts'
import type { Admitted, NounHandlers } from '../call.ts'
import type { OperationContext } from '../context.ts'
import { change } from '../log/write.ts'
import { refusalOf } from '../refusals.ts'

/** The browsers one is signed in with. */
export const sessionHandlers = (
  context: OperationContext,
): NounHandlers<'sessions.list' | 'sessions.remove'> => ({
  'sessions.list': call => list(context, call),
  'sessions.remove': call => remove(context, call),
})

async function list(
  context: OperationContext,
  { who }: Admitted<'sessions.list'>,
): Promise<Answer<Output<'sessions.list'>>> {
  const sessions = await context.store.sessions(who.user)
  return { ok: { sessions: sessions.map(session => ({ ...session, current: session.id === who.id })) } }
}

/** Ending what is not there is done already, and tells nothing of others' sessions: the row goes only if it is one's own. */
async function remove(
  context: OperationContext,
  { who, input }: Admitted<'sessions.remove'>,
): Promise<Answer<Output<'sessions.remove'>>> {
  const outcome = await context.writer.commit(
    change({
      guards: [isActive(who.user)],
      rows: [{ row: 'session ended', session: input.id, user: who.user }],
    }),
  )
  if (outcome.is === 'refused') return refusalOf(outcome)
  return input.id === who.id ? { ok: {}, cookie: null } : { ok: {} }
}
