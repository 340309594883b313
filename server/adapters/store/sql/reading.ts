/** What a placeholder stands for. A list is of ids or other words, for `= ANY(?)`. */
export type Value = string | number | null | readonly string[]

/** One question to a database. `sql` is in the words of `dialect.ts`, always the same text for the same question: it is prepared once. */
export interface Query {
  readonly sql: string
  readonly values: readonly Value[]
  /** Every row, the first (or nothing), or so many bytes of the column `body`, in the order of the column `seq`: see `within`. */
  readonly take: 'all' | 'first' | { readonly bytes: number }
}

/**
 * How something is read, without saying from where: it asks queries, several at once where they do not wait for each other, and is given
 * what each answered. It does nothing else, so it may be left where it stands when a query fails.
 */
export type Reading<T> = Generator<readonly Query[], T, readonly unknown[]>

/** Lets a reading have its answers from a database. `snapshot` says that all of them have to be from one moment. */
export type Run = <T>(reading: Reading<T>, snapshot: boolean) => Promise<T>

/** The first row, of one query. */
export function* one<Row>(sql: string, ...values: readonly Value[]): Reading<Row | undefined> {
  const [row] = yield [{ sql, values, take: 'first' }]
  return row as Row | undefined
}

/** Every row of one query. */
export function* all<Row>(sql: string, ...values: readonly Value[]): Reading<Row[]> {
  const [rows] = yield [{ sql, values, take: 'all' }]
  return rows as Row[]
}

/**
 * The bodies of one query that selects `body, seq` in the order of seq: as many as are within so many bytes together, and the first in
 * any case. No more of them than that is read.
 */
export function* within(bytes: number, sql: string, ...values: readonly Value[]): Reading<string[]> {
  const [bodies] = yield [{ sql, values, take: { bytes } }]
  return bodies as string[]
}

type Answers<Readings extends readonly Reading<unknown>[]> = {
  -readonly [N in keyof Readings]: Readings[N] extends Reading<infer T> ? T : never
}

/** Several readings that do not wait for each other: what each asks next is asked at once. */
export function* together<const Readings extends readonly Reading<unknown>[]>(
  ...readings: Readings
): Reading<Answers<Readings>> {
  const steps = readings.map(reading => reading.next())
  for (;;) {
    const asked = steps.map(step => (step.done ? [] : step.value))
    const queries = asked.flat()
    if (queries.length === 0) break
    const answers = yield queries
    let at = 0
    for (const [n, reading] of readings.entries()) {
      const many = asked[n]?.length ?? 0
      if (many > 0) steps[n] = reading.next(answers.slice(at, at + many))
      at += many
    }
  }
  return steps.map(step => step.value) as Answers<Readings>
}
