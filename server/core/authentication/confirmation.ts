import { limits } from '../../../contract/limits.ts'
import type { Input, OperationName } from '../../../contract/operations.ts'
import type { Asker } from '../access.ts'
import { isConfirmed } from '../access.ts'
import type { Identity, Refusal } from '../answer.ts'
import { isRefusal } from '../answer.ts'
import type { Identified } from '../call.ts'
import type { OperationContext } from '../context.ts'
import type { Guard } from '../log/change.ts'
import { refusalOf } from '../refusals.ts'

/** `always`, `never`, or only where one of these fields is given. */
type Needed<Name extends OperationName> = 'always' | 'never' | readonly (keyof Input<Name> & string)[]

/**
 * What is done only from a session in which the password was given a short while ago (`limits.confirmedMs`), and never by a token: what
 * raises somebody's authority, takes over or ends an account, gives somebody else another name, or makes a key. Whoever finds a browser unlocked or a token in a script
 * keeps no more than that. Every operation says which it is, so that a new one cannot be forgotten.
 */
const needed: { readonly [Name in Identified]: Needed<Name> } = {
  'workspace.change': 'never',
  'account.signOut': 'never',
  'bootstrap.get': 'never',
  'me.get': 'never',
  'me.change': ['username', 'email'],
  'me.remove': 'always',
  'me.setAvatar': 'never',
  'me.removeAvatar': 'never',
  // These two are given the password themselves.
  'me.changePassword': 'never',
  'me.confirm': 'never',
  'sessions.list': 'never',
  'sessions.remove': 'never',
  'tokens.list': 'never',
  'tokens.create': 'always',
  'tokens.remove': 'never',
  'users.list': 'never',
  'users.get': 'never',
  'users.create': 'always',
  'users.change': ['username', 'displayName', 'firstName', 'lastName', 'email', 'password', 'role', 'state'],
  'users.removeAvatar': 'never',
  'users.remove': 'always',
  'rooms.list': 'never',
  'rooms.create': 'never',
  'rooms.get': 'never',
  'rooms.named': 'never',
  'rooms.change': 'never',
  'rooms.remove': 'never',
  'rooms.join': 'never',
  'rooms.leave': 'never',
  'members.list': 'never',
  'members.put': 'never',
  'members.remove': 'never',
  'direct.open': 'never',
  'direct.remove': 'never',
  'reads.move': 'never',
  'reads.back': 'never',
  'messages.list': 'never',
  'messages.oversee': 'never',
  'messages.post': 'never',
  'messages.get': 'never',
  'messages.edit': 'never',
  'messages.remove': 'never',
}

/** The sentence for the API document; null where an operation never asks. */
export function confirmationNote(name: OperationName): string | null {
  const what = name in needed ? needed[name as Identified] : 'never'
  if (what === 'never') return null
  const when = what === 'always' ? '' : `, with ${what.map(field => `\`${field}\``).join(', ')}`
  return `Needs a session in which the password was given in the last ten minutes${when}; no token.`
}

/**
 * Why a call is refused for want of a confirmation: `session_needed` to a token, `confirm_needed` to a session. `asker`: where the store was asked
 * already; whoever may not do it anyway was told that then. The change itself is guarded by `isConfirmed` once more, under the lock.
 */
export async function refuseUnconfirmed(
  context: OperationContext,
  name: Identified,
  { who, asker, input }: { readonly who: Identity; readonly asker: Asker | null; readonly input: object },
): Promise<Refusal | null> {
  if (!asks(needed[name], input)) return null
  const asked = asker ?? (await context.access.asker(who))
  if (isRefusal(asked)) return asked
  if (who.by !== 'session') return refusalOf({ code: 'session_needed' })
  const at = await context.store.confirmedAt(who.id)
  return at !== null && at >= confirmedSince(context) ? null : refusalOf({ code: 'confirm_needed' })
}

const asks = (what: 'always' | 'never' | readonly string[], input: object): boolean =>
  typeof what === 'string'
    ? what === 'always'
    : what.some(field => field in input && input[field as keyof typeof input] !== undefined)

const confirmedSince = (context: Pick<OperationContext, 'clock'>): number =>
  context.clock.now() - limits.confirmedMs

/** The guards of a call that needs it, for the change that it makes; none for another call of the same operation. */
export const confirmedBy = (
  context: OperationContext,
  name: Identified,
  { who, input }: { readonly who: Identity; readonly input: object },
): readonly Guard[] => (asks(needed[name], input) ? [isConfirmed(who, confirmedSince(context))] : [])
