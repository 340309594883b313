import { limits } from '../../../contract/limits.ts'
import type { Output } from '../../../contract/operations.ts'
import { isActive } from '../access.ts'
import type { Answer } from '../answer.ts'
import { confirmedBy } from '../authentication/confirmation.ts'
import { fingerprintOf, hashSecret, newTokenSecret } from '../authentication/secrets.ts'
import type { Admitted, NounHandlers } from '../call.ts'
import type { OperationContext } from '../context.ts'
import { change } from '../log/write.ts'
import { invalid, refusalOf } from '../refusals.ts'

/** Keys for scripts. */
export const tokenHandlers = (
  context: OperationContext,
): NounHandlers<'tokens.list' | 'tokens.create' | 'tokens.remove'> => ({
  'tokens.list': call => list(context, call),
  'tokens.create': call => create(context, call),
  'tokens.remove': call => remove(context, call),
})

async function list(
  context: OperationContext,
  { who }: Admitted<'tokens.list'>,
): Promise<Answer<Output<'tokens.list'>>> {
  return { ok: { tokens: [...(await context.store.tokens(who.user))] } }
}

/** The secret is in the first answer only; the same call again is answered without it. */
async function create(
  context: OperationContext,
  call: Admitted<'tokens.create'>,
): Promise<Answer<Output<'tokens.create'>>> {
  const { who, input } = call
  const { id, name } = input
  const at = context.clock.now()
  const expires = input.expires ?? null
  if (expires !== null && expires <= at) return invalid('expires', 'Choose a time to come, or none.')
  const secret = newTokenSecret(context.random)
  const { salt } = await context.workspace.fixed()
  const outcome = await context.writer.commit(
    change({
      idempotencyKey: {
        of: 'token',
        id,
        author: who.user,
        fingerprint: fingerprintOf(salt, [name, expires]),
      },
      guards: [
        isActive(who.user),
        ...confirmedBy(context, 'tokens.create', call),
        { if: 'fewer tokens', user: who.user, than: limits.tokensAPerson, refuse: 'too_many' },
      ],
      rows: [{ row: 'token', token: { id, user: who.user, name, hash: hashSecret(secret), at, expires } }],
    }),
  )
  if (outcome.is === 'refused') return refusalOf(outcome)
  return { ok: outcome.is === 'done' ? { id, name, token: secret } : { id, name } }
}

/** As with sessions: it goes only if it is one's own, and nothing else is told. */
async function remove(
  context: OperationContext,
  { who, input }: Admitted<'tokens.remove'>,
): Promise<Answer<Output<'tokens.remove'>>> {
  const outcome = await context.writer.commit(
    change({ guards: [isActive(who.user)], rows: [{ row: 'token ended', token: input.id, user: who.user }] }),
  )
  return outcome.is === 'refused' ? refusalOf(outcome) : { ok: {} }
}
