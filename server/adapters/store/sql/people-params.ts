import type { UserId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { Params } from './write.ts'

const names = Array.from({ length: limits.othersInDirect + 1 }, (_, n) => `person${n}`)

/** The params that hold a direct room's people, as a list of SQL. */
export const peopleNames = names.map(name => `@${name}`).join(', ')

export const peopleParams = (people: readonly UserId[] = []): Params =>
  Object.fromEntries(names.map((name, n) => [name, people[n] ?? null]))
