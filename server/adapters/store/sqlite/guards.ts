import type { Database } from 'better-sqlite3'
import type { Guard } from '../../../core/log/change.ts'
import { sqlitePlaceholder } from '../sql/dialect.ts'
import type { AskedFor } from '../sql/guards.ts'
import { askedFor, conditions } from '../sql/guards.ts'
import { placeholders } from '../sql/write.ts'

/** Finds which of the guards of one form is the first that does not hold; null where all do. */
type Find = (asked: readonly AskedFor[]) => number | null

/** Forms of guards that are kept compiled: there are some dozens, by what is done and to how many. */
const mostKept = 500

/**
 * Finds the first guard that does not hold, on the state as it is inside the transaction. A change's guards are asked in one statement, which
 * ends at that one: to run a statement costs as much as what most guards look up.
 */
export function guardsOf(db: Database): (guards: readonly Guard[]) => Guard | undefined {
  const kept = new Map<string, Find>()
  return guards => {
    if (guards.length === 0) return
    const asked = guards.map(askedFor)
    const form = formOf(asked)
    const find = kept.get(form) ?? finding(db, asked)
    if (kept.size >= mostKept) kept.clear()
    kept.set(form, find)
    const at = find(asked)
    return at === null ? undefined : guards[at]
  }
}

/** What is asked, whatever the values. */
function formOf(asked: readonly AskedFor[]): string {
  let form = ''
  for (const one of asked) form += one.if === 'any' ? `any(${formOf(one.of)}),` : `${one.if},`
  return form
}

function finding(db: Database, asked: readonly AskedFor[]): Find {
  const expressions = asked.map(holding)
  const cases = expressions.map(({ sql }, n) => `WHEN (${sql}) IS NOT TRUE THEN ${n}`)
  const statement = db.prepare<unknown[], number | null>(`SELECT CASE ${cases.join(' ')} END`).pluck()
  return given => {
    const values: unknown[] = []
    for (const [n, { put }] of expressions.entries()) put(given[n], values)
    return statement.get(...values) ?? null
  }
}

interface Holding {
  readonly sql: string
  /** Adds the values that the expression is given, in the order of its placeholders. */
  put(asked: AskedFor | undefined, values: unknown[]): void
}

function holding(asked: AskedFor): Holding {
  if (asked.if === 'any') return holdingAny(asked.of.map(holding))
  const { sql, names } = placeholders(conditions[asked.if].holds, () => sqlitePlaceholder)
  return {
    sql,
    put(given, values) {
      if (given && given.if !== 'any') for (const name of names) values.push(given.p[name])
    },
  }
}

const holdingAny = (parts: readonly Holding[]): Holding => ({
  sql: parts.length > 0 ? parts.map(({ sql }) => `(${sql})`).join(' OR ') : 'FALSE',
  put(given, values) {
    if (given?.if === 'any') for (const [n, { put }] of parts.entries()) put(given.of[n], values)
  },
})
