import type { UserId } from '../../../../contract/ids.ts'
import type { Origin } from '../../answer.ts'
import { hashSecret, isSessionSecret, newSessionSecret } from '../../authentication/secrets.ts'
import type { OperationContext } from '../../context.ts'
import type { RowWrite } from '../../log/change.ts'

/** So many people are known in one browser; who signed in there longest ago is forgotten first. */
const peoplePerBrowser = 5

/** The secrets in a device cookie, one for each person who signed in there, joined by dots; the newest first. */
const secretsIn = ({ device = '' }: Origin): string[] =>
  device.split('.', peoplePerBrowser).filter(isSessionSecret)

async function knownSecret(context: OperationContext, user: UserId, from: Origin): Promise<string | null> {
  for (const secret of secretsIn(from))
    if (await context.store.knowsDevice(hashSecret(secret), user)) return secret
  return null
}

/**
 * The hash of the secret by which a call's device cookie shows that this person signed in there before; null where it shows none. A known
 * device has an allowance of its own at signing in, so that nobody's guesses elsewhere lock its person out (OWASP, "Slow Down Online Guessing
 * Attacks with Device Cookies").
 */
export async function knownDevice(
  context: OperationContext,
  user: UserId,
  from: Origin,
): Promise<string | null> {
  const secret = await knownSecret(context, user, from)
  return secret === null ? null : hashSecret(secret)
}

/**
 * What remembers a device in which somebody signs in now, and what its cookie holds from then on. Each person gets a secret of their own: one
 * that somebody else planted shows nothing, and no sign-in multiplies the allowance of another person who is known there.
 */
export async function rememberDevice(
  context: OperationContext,
  user: UserId,
  from: Origin,
): Promise<{ row: RowWrite; cookie: string }> {
  const secret = (await knownSecret(context, user, from)) ?? newSessionSecret(context.random)
  const others = secretsIn(from).filter(other => other !== secret)
  return {
    row: { row: 'device', hash: hashSecret(secret), user, at: context.clock.now() },
    cookie: [secret, ...others].slice(0, peoplePerBrowser).join('.'),
  }
}
