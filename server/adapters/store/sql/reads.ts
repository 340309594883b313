import type { Store } from '../../../core/ports.ts'
import {
  alive,
  avatar,
  confirmedAt,
  credential,
  ended,
  imported,
  knowsDevice,
  session,
  sessions,
  token,
  tokens,
  unusedFiles,
} from './read-keys.ts'
import { events, heads } from './read-logs.ts'
import { history, look, message, messagesBy } from './read-messages.ts'
import { lookOverseen, messagesOverseen } from './read-overseen.ts'
import {
  memberIds,
  membership,
  membersIn,
  membersOf,
  notHere,
  room,
  rooms,
  roomsForEveryone,
  roomsNamed,
  roomsOf,
  unanswered,
  unread,
} from './read-rooms.ts'
import { snapshot } from './read-snapshot.ts'
import { passwordless, purges, user, userNamed, users, workspace } from './read-users.ts'
import type { Reading, Run } from './reading.ts'

/** What writes, and so is each database's own. */
export type Writes = Pick<
  Store,
  'commit' | 'sessionSeen' | 'tokenUsed' | 'expire' | 'count' | 'countReset' | 'trim'
>

export type Reads = Omit<Store, keyof Writes | typeof Symbol.asyncDispose>

type Readings<Names extends keyof Reads> = {
  readonly [Name in Names]: (...given: Parameters<Reads[Name]>) => Reading<Awaited<ReturnType<Reads[Name]>>>
}

/** Each is one statement, which is a snapshot by itself. */
const statements = {
  heads,
  workspace,
  user,
  userNamed,
  purges,
  passwordless,
  credential,
  session,
  sessions,
  confirmedAt,
  knowsDevice,
  token,
  tokens,
  alive,
  ended,
  avatar,
  unusedFiles,
  imported,
  roomsForEveryone,
  roomsNamed,
  membership,
  notHere,
  roomsOf,
  unanswered,
  unread,
  message,
} satisfies Partial<Readings<keyof Reads>>

/** Each is several statements, which have to answer from one moment. */
const snapshots = {
  events,
  users,
  rooms,
  room,
  membersOf,
  memberIds,
  membersIn,
  history,
  snapshot,
} satisfies Partial<Readings<keyof Reads>>

/** Everything that a Store reads, on a database that runs readings. */
export const readsOf = (run: Run): Reads => ({
  ...bound(statements, run, false),
  ...bound(snapshots, run, true),
  messagesOverseen: messagesOverseen(which => run(lookOverseen(which), true)),
  messagesBy: messagesBy((at, author) => run(look(at, author), true)),
})

function bound<Names extends keyof Reads>(
  readings: Readings<Names>,
  run: Run,
  snapshot: boolean,
): Pick<Reads, Names> {
  const made: [string, (...given: never[]) => Reading<unknown>][] = Object.entries(readings)
  const reads = made.map(([name, reading]) => [name, (...given: never[]) => run(reading(...given), snapshot)])
  // Each entry has the signature of the reading that it runs.
  return Object.fromEntries(reads) as Pick<Reads, Names>
}
