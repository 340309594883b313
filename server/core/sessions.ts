import type { Output } from '../../contract/operations.ts'
import { isActive } from './access.ts'
import type { Answer, Known, KnownHandlers } from './answer.ts'
import { isRefusal } from './answer.ts'
import { refusalOf } from './refusals.ts'
import type { Workings } from './workings.ts'
import { change } from './write.ts'

/** The browsers one is signed in with. */
export const sessionHandlers = (w: Workings): KnownHandlers<'sessions.list' | 'sessions.remove'> => ({
  'sessions.list': call => list(w, call),
  'sessions.remove': call => remove(w, call),
})

async function list(w: Workings, { who }: Known<'sessions.list'>): Promise<Answer<Output<'sessions.list'>>> {
  const asker = await w.access.asker(who)
  if (isRefusal(asker)) return asker
  const sessions = await w.store.sessions(who.user)
  return { ok: { sessions: sessions.map(session => ({ ...session, current: session.id === who.id })) } }
}

/** Ending what is not there is done already, and tells nothing of others' sessions: the row goes only if it is one's own. */
async function remove(
  w: Workings,
  { who, input }: Known<'sessions.remove'>,
): Promise<Answer<Output<'sessions.remove'>>> {
  const outcome = await w.writer.commit(
    change({
      guards: [isActive(who.user)],
      rows: [{ row: 'session ended', session: input.id, user: who.user }],
    }),
  )
  if (outcome.is === 'refused') return refusalOf(outcome)
  return input.id === who.id ? { ok: {}, cookie: null } : { ok: {} }
}
