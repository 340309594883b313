import type { Output } from '../../../../contract/operations.ts'
import { isActive } from '../../access.ts'
import type { Answer, Refusal, SessionIdentity } from '../../answer.ts'
import { isRefusal, refuse } from '../../answer.ts'
import { refuseWeak } from '../../authentication/passwords.ts'
import type { Admitted } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { change } from '../../log/write.ts'
import { refusalOf } from '../../refusals.ts'
import type { Person } from './model.ts'

/** The password was given right; it is stored as `hash`. */
interface Shown {
  readonly me: Person
  readonly hash: string
}

/**
 * Whether this is one's password. Guessing is bounded by the session, which ends when there was too much of it: nobody outside of it can
 * take a try away from whoever is in it, and no number of addresses makes more of them.
 */
async function show(
  context: OperationContext,
  who: SessionIdentity,
  password: string,
  field: string,
): Promise<Shown | Refusal> {
  const { user, id } = who
  const asker = await context.access.asker(who)
  if (isRefusal(asker)) return asker
  const late = await context.rates.confirm(id)
  if (late === 'over') return end(context, who)
  if (late) return late
  const hash = await context.store.credential(user)
  const verdict = await context.passwords.verify(password, hash)
  if (hash === null || !verdict.right)
    return refuse('wrong_password', 'That is not your password. Try again.', { field })
  await context.rates.confirmed(id)
  return { me: asker.me, hash }
}

async function end(context: OperationContext, { user, id }: SessionIdentity): Promise<Refusal> {
  await context.writer.commit(change({ rows: [{ row: 'session ended', session: id, user }] }))
  return refusalOf(
    { code: 'signed_out' },
    { signed_out: 'Too many wrong passwords: this session has ended. Sign in again.' },
  )
}

export async function confirm(
  context: OperationContext,
  call: Admitted<'me.confirm'>,
): Promise<Answer<Output<'me.confirm'>>> {
  const { who, input } = call
  const shown = await show(context, who, input.password, 'password')
  if (isRefusal(shown)) return shown
  const outcome = await context.writer.commit(
    change({
      guards: [
        isActive(who.user),
        { if: 'credential', user: who.user, hash: shown.hash, refuse: 'wrong_password' },
      ],
      rows: [{ row: 'session confirmed', session: who.id, at: context.clock.now() }],
    }),
  )
  return outcome.is === 'refused' ? refusalOf(outcome) : { ok: {} }
}

/** Ends every other session and all tokens: whoever knew the old password is out. */
export async function changePassword(
  context: OperationContext,
  call: Admitted<'me.changePassword'>,
): Promise<Answer<Output<'me.changePassword'>>> {
  const { who, input } = call
  const shown = await show(context, who, input.current, 'current')
  if (isRefusal(shown)) return shown
  const { me } = shown
  const { name } = await context.workspace.look()
  const weak = refuseWeak(input.password, [me.username, me.displayName, me.email, name])
  if (weak) return weak
  const hash = await context.passwords.hash(input.password)
  const outcome = await context.writer.commit(
    change({
      guards: [
        isActive(who.user),
        { if: 'credential', user: who.user, hash: shown.hash, refuse: 'wrong_password', field: 'current' },
      ],
      rows: [
        { row: 'credential', user: who.user, hash },
        { row: 'sessions ended', user: who.user, except: who.id },
        { row: 'tokens ended', user: who.user },
        { row: 'session confirmed', session: who.id, at: context.clock.now() },
      ],
    }),
  )
  return outcome.is === 'refused' ? refusalOf(outcome) : { ok: {} }
}
