import type { User } from '../../../contract/entities.ts'
import { nameOf } from '../people/names.ts'

/** Has an account that is in use. */
export const canTalk = (user: User): boolean => user.state === 'active'

/** In the order of their names, as the reader's language has it. */
export const byName = (a: User, b: User): number => collator.compare(nameOf(a), nameOf(b))

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })
