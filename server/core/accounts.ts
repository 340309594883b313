import type { UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import { foldName } from '../../contract/names.ts'
import type { Output } from '../../contract/operations.ts'
import { isActive } from './access.ts'
import type { Answer, Call, Handlers, Known, KnownHandlers, Origin } from './answer.ts'
import { refuse } from './answer.ts'
import type { Change, NewSession, RowWrite } from './change.ts'
import { knownDevice, rememberDevice } from './devices.ts'
import { arrival, asOneself, newPerson } from './people.ts'
import type { SignInTry } from './rates.ts'
import { refusalOf, usernameTaken } from './refusals.ts'
import { refuseWeak } from './weak-passwords.ts'
import type { Workings } from './workings.ts'
import { change, write } from './write.ts'

/** Signing up and signing in. Setting up is in setup.ts. */
export const openAccountHandlers = (w: Workings): Handlers<'account.signUp' | 'account.signIn'> => ({
  'account.signUp': call => signUp(w, call),
  'account.signIn': call => signIn(w, call),
})

export const accountHandlers = (w: Workings): KnownHandlers<'account.signOut'> => ({
  'account.signOut': call => signOut(w, call),
})

async function signUp(
  w: Workings,
  { input, from, who }: Call<'account.signUp'>,
): Promise<Answer<Output<'account.signUp'>>> {
  const late = await w.rates.signUp(from.address)
  if (late) return late
  const { name, epoch } = await w.workspace.look()
  const weak = refuseWeak(input.password, [input.username, input.displayName ?? '', name])
  if (weak) return weak
  if (await w.store.userNamed(foldName(input.username)))
    return refusalOf({ code: 'taken', field: 'username' }, usernameTaken)
  const hash = await w.passwords.hash(input.password)
  const at = w.clock.now()
  const person = newPerson({ ...input, id: newId<UserId>(at), role: 'member', at })
  return write(
    w.writer,
    async () => {
      const arriving = arrival(person, await w.store.roomsForEveryone(), { by: person.id, at })
      const { session, secret } = w.keys.begin(person.id, from)
      const device = await rememberDevice(w, person.id, from)
      const rows: RowWrite[] = [
        { row: 'credential', user: person.id, hash },
        ...begins(session, who),
        device.row,
      ]
      return {
        change: change({ ...arriving, rows }),
        done: () => ({ ok: { me: asOneself(person), epoch }, cookie: secret, device: device.cookie }),
      }
    },
    usernameTaken,
  )
}

/** The new session's row; the one that the browser came with ends, so that nobody's planted session is signed in (session fixation). */
export function begins(session: NewSession, before: Call<'account.signIn'>['who']): RowWrite[] {
  const ended: RowWrite[] =
    before?.by === 'session' ? [{ row: 'session ended', session: before.id, user: before.user }] : []
  return [...ended, { row: 'session', session }]
}

const wrong = refuse('wrong_credentials', 'Wrong username or password.', {
  field: 'password',
})

const deactivated = refuse('denied', 'This account is deactivated. Ask an administrator to reactivate it.')

/**
 * Costs and answers the same whether the account is not there, has no password, or has another password. That an account is deactivated
 * is told only to who knows its password.
 */
async function signIn(
  w: Workings,
  { input, from, who }: Call<'account.signIn'>,
): Promise<Answer<Output<'account.signIn'>>> {
  const folded = foldName(input.username.trim())
  const person = await w.store.userNamed(folded)
  const tried = await tryOf(w, person?.id ?? null, folded, from)
  const late = await w.rates.signIn(tried)
  if (late) return late
  const isPerson = person?.state === 'active' || person?.state === 'deactivated'
  const stored = isPerson ? await w.store.credential(person.id) : null
  const verdict = await w.passwords.verify(input.password, stored)
  if (!isPerson || stored === null || !verdict.right) return wrong
  if (person.state === 'deactivated') return deactivated
  const rehashed = verdict.stale ? await w.passwords.hash(input.password) : null
  const { session, secret } = w.keys.begin(person.id, from)
  const device = await rememberDevice(w, person.id, from)
  const outcome = await w.writer.commit(
    await signedIn(w, { stored, rehashed, session, before: who, device: device.row }),
  )
  if (outcome.is === 'refused') return wrong
  await w.rates.signedIn(tried)
  const { epoch } = await w.workspace.fixed()
  return { ok: { me: asOneself(person), epoch }, cookie: secret, device: device.cookie }
}

async function tryOf(w: Workings, user: UserId | null, typed: string, from: Origin): Promise<SignInTry> {
  const { address } = from
  if (user === null) return { account: typed, address, device: null, signedInHere: false }
  const device = await knownDevice(w, user, from)
  return { account: user, address, device, signedInHere: await isSignedInFrom(w, user, address) }
}

/** The password was right a moment ago; a deactivation or a new password meanwhile wins. */
async function signedIn(
  w: Workings,
  of: {
    stored: string
    rehashed: string | null
    session: NewSession
    before: Call<'account.signIn'>['who']
    device: RowWrite
  },
): Promise<Change> {
  const { user } = of.session
  const rows: RowWrite[] = [...(await surplus(w, user)), ...begins(of.session, of.before), of.device]
  if (of.rehashed !== null) rows.push({ row: 'credential', user, hash: of.rehashed })
  return change({
    guards: [isActive(user), { if: 'credential', user, hash: of.stored, refuse: 'wrong_credentials' }],
    rows,
  })
}

/** The sessions seen longest ago, where there would be too many. */
async function surplus(w: Workings, user: UserId): Promise<RowWrite[]> {
  const sessions = await w.store.sessions(user)
  return [...sessions]
    .sort((a, b) => b.seenAt - a.seenAt)
    .slice(limits.sessionsAPerson - 1)
    .map(({ id }) => ({ row: 'session ended', session: id, user }))
}

const isSignedInFrom = async (w: Workings, user: UserId, address: string): Promise<boolean> =>
  (await w.store.sessions(user)).some(session => session.address === address)

async function signOut(
  w: Workings,
  { who }: Known<'account.signOut'>,
): Promise<Answer<Output<'account.signOut'>>> {
  if (who.by !== 'session') return refusalOf({ code: 'session_needed' })
  const rows: RowWrite[] = [{ row: 'session ended', session: who.id, user: who.user }]
  const outcome = await w.writer.commit(change({ guards: [isActive(who.user)], rows }))
  if (outcome.is === 'refused') return refusalOf(outcome)
  return { ok: {}, cookie: null }
}
