import type { Database } from 'better-sqlite3'
import type { Condition, Guard } from '../../../core/change.ts'
import type { AskedFor } from '../sql/guards.ts'
import { askedFor, conditions } from '../sql/guards.ts'
import { prepare } from './statements.ts'

/** Finds the first guard that does not hold, on the state as it is inside the transaction. */
export function guardsOf(db: Database): (guards: readonly Guard[]) => Guard | undefined {
  const asked = new Map(
    Object.entries(conditions).map(([name, { holds }]) => [
      name as Condition['if'],
      prepare<{ holds: number }>(db, `SELECT ${holds} AS holds`),
    ]),
  )
  const holds = (condition: AskedFor): boolean =>
    condition.if === 'any' ? condition.of.some(holds) : asked.get(condition.if)?.get(condition.p)?.holds === 1
  return guards => guards.find(guard => !holds(askedFor(guard)))
}
