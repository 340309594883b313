import type { Database, Statement } from 'better-sqlite3'
import { sqliteText, sqliteValue } from '../sql/dialect.ts'
import type { Query, Reading, RunReading } from '../sql/reading.ts'

/** Runs readings at once, on the one connection that reads: each is done before anything else is. */
export function readerOn(db: Database): RunReading {
  const ask = askerOf(db)
  function through<T>(reading: Reading<T>): T {
    let step = reading.next()
    while (!step.done) {
      const asked = step.value
      step = reading.next('sql' in asked ? ask(asked) : asked.together.map(through))
    }
    return step.value
  }
  const inSnapshot = db.transaction(through) as typeof through
  return async (reading, snapshot) => (snapshot ? inSnapshot(reading) : through(reading))
}

/** Each text is prepared once. */
function askerOf(db: Database): (query: Query) => unknown {
  const statements = new Map<string, Statement>()
  const prepare = ({ sql, take }: Query): Statement => {
    const made = db.prepare(sqliteText(sql))
    const statement = typeof take === 'object' ? made.pluck() : made
    statements.set(sql, statement)
    return statement
  }
  return query => {
    const statement = statements.get(query.sql) ?? prepare(query)
    const values = query.values.map(sqliteValue)
    if (query.take === 'first') return statement.get(...values)
    if (query.take === 'all') return statement.all(...values)
    return within(query.take.bytes, statement.iterate(...values) as Iterable<string>)
  }
}

function within(most: number, bodies: Iterable<string>): string[] {
  const taken: string[] = []
  let bytes = 0
  for (const body of bodies) {
    bytes += Buffer.byteLength(body)
    if (taken.length > 0 && bytes > most) break
    taken.push(body)
  }
  return taken
}
