import { foldName } from '../../contract/names.ts'
import type { Output } from '../../contract/operations.ts'
import { isActive } from './access.ts'
import type { Answer, Known, Refusal } from './answer.ts'
import { isRefusal, refuse } from './answer.ts'
import type { Person } from './people.ts'
import { refusalOf } from './refusals.ts'
import { refuseWeak } from './weak-passwords.ts'
import type { Workings } from './workings.ts'
import { change } from './write.ts'

/** The password was given right; it is stored as `hash`. */
interface Shown {
  readonly me: Person
  readonly hash: string
}

/** Whether this is one's password. Guessing is bounded as it is at sign-in, and by the same count. */
async function show(
  w: Workings,
  { who, from }: Pick<Known<'me.confirm'>, 'who' | 'from'>,
  password: string,
  field: string,
): Promise<Shown | Refusal> {
  const asker = await w.access.asker(who)
  if (isRefusal(asker)) return asker
  const folded = foldName(asker.me.username)
  const late = await w.rates.signIn(folded, from.address, async () => true)
  if (late) return late
  const hash = await w.store.credential(who.user)
  const verdict = await w.passwords.verify(password, hash)
  if (hash === null || !verdict.right)
    return refuse('wrong_password', 'That is not your password. Try again.', { field })
  await w.rates.signedIn(folded, from.address)
  return { me: asker.me, hash }
}

export async function confirm(w: Workings, call: Known<'me.confirm'>): Promise<Answer<Output<'me.confirm'>>> {
  const { who, input } = call
  if (who.by !== 'session') return refusalOf({ code: 'session_needed' })
  const shown = await show(w, call, input.password, 'password')
  if (isRefusal(shown)) return shown
  const outcome = await w.writer.commit(
    change({
      guards: [
        isActive(who.user),
        { if: 'credential', user: who.user, hash: shown.hash, refuse: 'wrong_password' },
      ],
      rows: [{ row: 'session confirmed', session: who.id, at: w.clock.now() }],
    }),
  )
  return outcome.is === 'refused' ? refusalOf(outcome) : { ok: {} }
}

/** Ends every other session and all tokens: whoever knew the old password is out. */
export async function changePassword(
  w: Workings,
  call: Known<'me.changePassword'>,
): Promise<Answer<Output<'me.changePassword'>>> {
  const { who, input } = call
  if (who.by !== 'session') return refusalOf({ code: 'session_needed' })
  const shown = await show(w, call, input.current, 'current')
  if (isRefusal(shown)) return shown
  const { me } = shown
  const { name } = await w.workspace.look()
  const weak = refuseWeak(input.password, [me.username, me.displayName, me.email, name])
  if (weak) return weak
  const hash = await w.passwords.hash(input.password)
  const outcome = await w.writer.commit(
    change({
      guards: [
        isActive(who.user),
        { if: 'credential', user: who.user, hash: shown.hash, refuse: 'wrong_password', field: 'current' },
      ],
      rows: [
        { row: 'credential', user: who.user, hash },
        { row: 'sessions ended', user: who.user, except: who.id },
        { row: 'tokens ended', user: who.user },
        { row: 'session confirmed', session: who.id, at: w.clock.now() },
      ],
    }),
  )
  return outcome.is === 'refused' ? refusalOf(outcome) : { ok: {} }
}
