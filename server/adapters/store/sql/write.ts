import type { MessageId, RoomId, Topic, UserId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'

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
  /** A query for seqs, of this log or of the log of the user `@id`, whose events lose their text (L6). `all`: see `Redact`. */
  | { readonly redact: string; readonly of?: 'user'; readonly all?: true }
  /** Nothing of the log of the room `@id` is read any more up to its head, which the steps after it know as `#head`. */
  | { readonly close: 'room' }

/** What is written when something of type `T` is, what of it the steps are given, and what is locked beside the log `topic` that it is written to. */
export interface WriteDefinition<T> {
  params(of: T): Params
  readonly steps: readonly WriteStep[]
  readonly locks: (of: T, topic: Topic) => WriteLocks
}

/** Whether it takes text out of events that were appended before. */
export const takesText = ({ steps }: { readonly steps: readonly WriteStep[] }): boolean =>
  steps.some(step => 'redact' in step)

/**
 * What a write holds from its first look until its commit, so that what it saw still holds then (A3). PostgreSQL takes these locks, sorted;
 * SQLite has one writer.
 */
export interface WriteLocks {
  /** Logs: membership, messages, and a room itself change under the lock of the room's log. */
  readonly logs?: readonly Topic[]
  /** People whose own rows it writes, or counts. */
  readonly owned?: readonly UserId[]
  /** People on whose role and state it relies. */
  readonly shared?: readonly UserId[]
  /** Ids under which it makes something that is no message: nothing else is made under them meanwhile. */
  readonly ids?: readonly string[]
  /** Ids of messages that it makes. Of two messages of one id their unique index refuses one, so these keep out only what is no message. */
  readonly messages?: readonly MessageId[]
}

const nothing: WriteLocks = {}

/** For what needs no lock of its own. */
export const noLocks = (): WriteLocks => nothing
export const workspaceLock = (): WriteLocks => ({ logs: ['workspace'] })
export const roomLock = ({ room }: { readonly room: RoomId }): WriteLocks => ({ logs: [roomTopic(room)] })
export const ownerLock = ({ user }: { readonly user: UserId }): WriteLocks => ({ owned: [user] })

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
