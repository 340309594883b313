/** What a placeholder stands for. A list is of ids or other words, for `= ANY(?)`. */
export type Value = string | number | null | readonly string[]

/** One question to a database. `sql` is in the words of `dialect.ts`, always the same text for the same question: it is prepared once. */
export interface Query {
  readonly sql: string
  readonly values: readonly Value[]
  /** Every row, the first (or nothing), or so many bytes of the column `body`, in the order of the column `seq`: see `within`. */
  readonly take: 'all' | 'first' | { readonly bytes: number }
}

/** Readings that do not wait for each other: they may be asked at once. */
export interface Together {
  readonly together: readonly Reading<unknown>[]
}

/**
 * How something is read, without saying from where: it asks a query, or several readings together, and is given what that came to. It does
 * nothing else, so it may be left where it stands when a query fails.
 */
export type Reading<T> = Generator<Query | Together, T, unknown>

/** Lets a reading have its answers from a database. `snapshot` says that all of them have to be from one moment. */
export type RunReading = <T>(reading: Reading<T>, snapshot: boolean) => Promise<T>

/** The first row, of one query. */
export function* one<Row>(sql: string, ...values: readonly Value[]): Reading<Row | undefined> {
  return (yield { sql, values, take: 'first' }) as Row | undefined
}

/** Every row of one query. */
export function* all<Row>(sql: string, ...values: readonly Value[]): Reading<Row[]> {
  return (yield { sql, values, take: 'all' }) as Row[]
}

/**
 * The bodies of one query that selects `body, seq` in the order of seq: as many as are within so many bytes together, and the first in
 * any case. No more of them than that is read.
 */
export function* withinSize(bytes: number, sql: string, ...values: readonly Value[]): Reading<string[]> {
  return (yield { sql, values, take: { bytes } }) as string[]
}

type Answers<Readings extends readonly Reading<unknown>[]> = {
  -readonly [N in keyof Readings]: Readings[N] extends Reading<infer T> ? T : never
}

/** Several readings that do not wait for each other, and what each of them came to. */
export function* allReadings<const Readings extends readonly Reading<unknown>[]>(
  ...readings: Readings
): Reading<Answers<Readings>> {
  return (yield { together: readings }) as Answers<Readings>
}
