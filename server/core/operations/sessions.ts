import type { Output } from '../../../contract/operations.ts'
import { isActive } from '../access.ts'
import type { Answer, Known, KnownHandlers } from '../answer.ts'
import { isRefusal } from '../answer.ts'
import type { OperationContext } from '../context.ts'
import { change } from '../log/write.ts'
import { refusalOf } from '../refusals.ts'

/** The browsers one is signed in with. */
export const sessionHandlers = (
  context: OperationContext,
): KnownHandlers<'sessions.list' | 'sessions.remove'> => ({
  'sessions.list': call => list(context, call),
  'sessions.remove': call => remove(context, call),
})

async function list(
  context: OperationContext,
  { who }: Known<'sessions.list'>,
): Promise<Answer<Output<'sessions.list'>>> {
  const asker = await context.access.asker(who)
  if (isRefusal(asker)) return asker
  const sessions = await context.store.sessions(who.user)
  return { ok: { sessions: sessions.map(session => ({ ...session, current: session.id === who.id })) } }
}

/** Ending what is not there is done already, and tells nothing of others' sessions: the row goes only if it is one's own. */
async function remove(
  context: OperationContext,
  { who, input }: Known<'sessions.remove'>,
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
