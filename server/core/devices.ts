import type { UserId } from '../../contract/ids.ts'
import type { Origin } from './answer.ts'
import type { RowWrite } from './change.ts'
import { hashSecret, isSessionSecret, newSessionSecret } from './secrets.ts'
import type { Workings } from './workings.ts'

/**
 * The hash of a call's device cookie, where this person signed in with it before; else null. A known device has an allowance of its own at
 * signing in, so that nobody's guesses elsewhere lock its person out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
 */
export async function knownDevice(w: Workings, user: UserId, { device }: Origin): Promise<string | null> {
  if (device === undefined || !isSessionSecret(device)) return null
  const hash = hashSecret(device)
  return (await w.store.knowsDevice(hash, user)) ? hash : null
}

/**
 * What remembers a device in which somebody signs in now, and the secret that its cookie holds from then on. A secret that this person did
 * not sign in with before is replaced by a new one: somebody else may have planted it. Who else signed in with it stays known by the new one.
 */
export async function rememberDevice(
  w: Workings,
  user: UserId,
  from: Origin,
): Promise<{ row: RowWrite; secret: string }> {
  const at = w.clock.now()
  const known = await knownDevice(w, user, from)
  if (known !== null && from.device !== undefined)
    return { row: { row: 'device', hash: known, user, at, before: null }, secret: from.device }
  const secret = newSessionSecret(w.random)
  const before = from.device === undefined ? null : hashSecret(from.device)
  return { row: { row: 'device', hash: hashSecret(secret), user, at, before }, secret }
}
