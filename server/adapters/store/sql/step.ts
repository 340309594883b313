import type { EventName, EventOf } from '../../../../contract/events.ts'

/** What a write is given, by name. */
export type Params = Readonly<Record<string, string | number | null>>

/**
 * One thing that a write does, in SQL that both databases read: SQLite prepares each as a statement, PostgreSQL has them all in one
 * function, so that a batch of writes is one round trip. `@name` stands for a text of the params, `#name` for a whole number.
 */
export type WriteStep =
  /** `found`: it meets exactly one row, which is of this; else the change was built wrongly and is undone. */
  | { readonly run: string; readonly found?: string }
  /**
   * A query that finds what has the id of what is made. Where it finds anything, the change is refused `id_taken`. `unlessLookedUp`: not
   * asked where `#lookedUp` is 1.
   */
  | { readonly refuseIfIdInUse: string; readonly unlessLookedUp?: true }
  /** A query for seqs, of this log or of the log of the user `@id`, whose events lose their text (L6). `all`: see `redact`. */
  | { readonly redact: string; readonly of?: 'user'; readonly all?: true }
  /** Nothing of the log of the room `@id` is read any more up to its head, which the steps after it know as `#head`. */
  | { readonly close: 'room' }

/** What is written when something of type `T` is, and what of it the steps are given. */
export interface WriteDefinition<T> {
  params(of: T): Params
  readonly steps: readonly WriteStep[]
}

/**
 * How some events become rows. Beside its own params, each fold has where its event stands: `#seq`, `#at`, `@by`, the `@room` or `@user`
 * whose log it is (else ''), `@print` of the id that its change was made under, if that is a message's, and `#creates`: 1 if it makes its room.
 * `#lookedUp` is 1 where the change begins with posting the message that its `Once` found unused everywhere, in this transaction.
 */
export type Folds<Names extends EventName> = { readonly [Name in Names]: WriteDefinition<EventOf<Name>> }

/** Under which name a query's or statement's values are asked for, in their order, and the text with `put` in their places. */
export function placeholders(
  sql: string,
  put: (name: string, kind: 'text' | 'number', n: number) => string,
): { readonly sql: string; readonly names: readonly string[] } {
  const names: string[] = []
  const text = sql.replace(/([@#])(\w+)/g, (_, sign: string, name: string) => {
    names.push(name)
    return put(name, sign === '@' ? 'text' : 'number', names.length)
  })
  return { sql: text, names }
}
