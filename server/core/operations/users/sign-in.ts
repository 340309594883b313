import type { UserId } from '../../../../contract/ids.ts'
import { newId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import { foldName } from '../../../../contract/names.ts'
import type { Output } from '../../../../contract/operations.ts'
import { isActive } from '../../access.ts'
import type { Answer, Origin } from '../../answer.ts'
import { refuse } from '../../answer.ts'
import { refuseWeak } from '../../authentication/passwords.ts'
import type { Admitted, NounHandlers } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import type { SignInTry } from '../../limits/rates.ts'
import type { Change, NewSession, RowWrite } from '../../log/change.ts'
import { change, write } from '../../log/write.ts'
import { refusalOf, usernameTaken } from '../../refusals.ts'
import { knownDevice, rememberDevice } from './devices.ts'
import { arrival, asOneself, newPerson } from './model.ts'

/** Signing up and signing in. Setting up is in setup.ts. */
export const openAccountHandlers = (
  context: OperationContext,
): NounHandlers<'account.signUp' | 'account.signIn'> => ({
  'account.signUp': call => signUp(context, call),
  'account.signIn': call => signIn(context, call),
})

export const accountHandlers = (context: OperationContext): NounHandlers<'account.signOut'> => ({
  'account.signOut': call => signOut(context, call),
})

async function signUp(
  context: OperationContext,
  { input, from, who }: Admitted<'account.signUp'>,
): Promise<Answer<Output<'account.signUp'>>> {
  const late = await context.rates.signUp(from.address)
  if (late) return late
  const { name, epoch } = await context.workspace.look()
  const weak = refuseWeak(input.password, [input.username, input.displayName ?? '', name])
  if (weak) return weak
  if (await context.store.userNamed(foldName(input.username)))
    return refusalOf({ code: 'taken', field: 'username' }, usernameTaken)
  const hash = await context.passwords.hash(input.password)
  const at = context.clock.now()
  const person = newPerson({ ...input, id: newId<UserId>(at), role: 'member', at })
  return write(
    context.writer,
    async () => {
      const arriving = arrival(person, await context.store.roomsForEveryone(), { by: person.id, at })
      const { session, secret } = context.authentication.begin(person.id, from)
      const device = await rememberDevice(context, person.id, from)
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
export function begins(session: NewSession, before: Admitted<'account.signIn'>['who']): RowWrite[] {
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
  context: OperationContext,
  { input, from, who }: Admitted<'account.signIn'>,
): Promise<Answer<Output<'account.signIn'>>> {
  const folded = foldName(input.username.trim())
  const person = await context.store.userNamed(folded)
  const tried = await tryOf(context, person?.id ?? null, folded, from)
  const late = await context.rates.signIn(tried)
  if (late) return late
  const isPerson = person?.state === 'active' || person?.state === 'deactivated'
  const stored = isPerson ? await context.store.credential(person.id) : null
  const verdict = await context.passwords.verify(input.password, stored)
  if (!isPerson || stored === null || !verdict.right) return wrong
  if (person.state === 'deactivated') return deactivated
  const rehashed = verdict.stale ? await context.passwords.hash(input.password) : null
  const { session, secret } = context.authentication.begin(person.id, from)
  const device = await rememberDevice(context, person.id, from)
  const outcome = await context.writer.commit(
    await signedIn(context, { stored, rehashed, session, before: who, device: device.row }),
  )
  if (outcome.is === 'refused') return wrong
  await context.rates.signedIn(tried)
  const { epoch } = await context.workspace.fixed()
  return { ok: { me: asOneself(person), epoch }, cookie: secret, device: device.cookie }
}

async function tryOf(
  context: OperationContext,
  user: UserId | null,
  typed: string,
  from: Origin,
): Promise<SignInTry> {
  const { address } = from
  if (user === null) return { account: typed, address, device: null, signedInHere: false }
  const device = await knownDevice(context, user, from)
  return { account: user, address, device, signedInHere: await isSignedInFrom(context, user, address) }
}

/** The password was right a moment ago; a deactivation or a new password meanwhile wins. */
async function signedIn(
  context: OperationContext,
  of: {
    stored: string
    rehashed: string | null
    session: NewSession
    before: Admitted<'account.signIn'>['who']
    device: RowWrite
  },
): Promise<Change> {
  const { user } = of.session
  const rows: RowWrite[] = [...(await surplus(context, user)), ...begins(of.session, of.before), of.device]
  if (of.rehashed !== null) rows.push({ row: 'credential', user, hash: of.rehashed })
  return change({
    guards: [isActive(user), { if: 'credential', user, hash: of.stored, refuse: 'wrong_credentials' }],
    rows,
  })
}

/** The sessions seen longest ago, where there would be too many. */
async function surplus(context: OperationContext, user: UserId): Promise<RowWrite[]> {
  const sessions = await context.store.sessions(user)
  return [...sessions]
    .sort((a, b) => b.seenAt - a.seenAt)
    .slice(limits.sessionsAPerson - 1)
    .map(({ id }) => ({ row: 'session ended', session: id, user }))
}

const isSignedInFrom = async (context: OperationContext, user: UserId, address: string): Promise<boolean> =>
  (await context.store.sessions(user)).some(session => session.address === address)

async function signOut(
  context: OperationContext,
  { who }: Admitted<'account.signOut'>,
): Promise<Answer<Output<'account.signOut'>>> {
  const rows: RowWrite[] = [{ row: 'session ended', session: who.id, user: who.user }]
  const outcome = await context.writer.commit(change({ guards: [isActive(who.user)], rows }))
  if (outcome.is === 'refused') return refusalOf(outcome)
  return { ok: {}, cookie: null }
}
