import { foldName } from '../../../contract/names.ts'
import type { Refusal } from '../answer.ts'
import { invalid } from '../refusals.ts'
import common from './common-passwords.json' with { type: 'json' }

/** Made when first asked for: most starts of a server check no password. */
let known: ReadonlySet<string> | null = null

/**
 * Refuses a password that is tried first by whoever guesses: one of the 10,000 commonest, or one of the names that stand beside it (one's
 * own, the e-mail address, the workspace). Letters' case is no difference.
 */
export function refuseWeak(password: string, names: readonly string[], field = 'password'): Refusal | null {
  known ??= new Set(common.words.split(' ').map(foldName))
  const folded = foldName(password)
  if (known.has(folded))
    return invalid(field, 'This password is among the commonest ones and guessed first. Choose another one.')
  const near = names.flatMap(name => [name, name.split('@')[0] ?? '']).map(foldName)
  if (near.includes(folded))
    return invalid(field, 'A password that is a name known to others is guessed first. Choose another one.')
  return null
}
