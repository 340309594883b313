import type { Store } from '../../../core/ports/store.ts'
import {
  alive,
  avatar,
  confirmedAt,
  credential,
  ended,
  imported,
  knowsDevice,
  selectSession,
  selectToken,
  sessions,
  tokens,
  unusedFiles,
} from './read-keys.ts'
import { events, heads } from './read-logs.ts'
import { history, look, messagesBy, selectMessage } from './read-messages.ts'
import { lookOverseen, messagesOverseen } from './read-overseen.ts'
import {
  memberIds,
  membersIn,
  membersOf,
  notHere,
  rooms,
  roomsForEveryone,
  roomsNamed,
  roomsOf,
  selectMembership,
  selectRoom,
  unanswered,
  unread,
} from './read-rooms.ts'
import { snapshot } from './read-snapshot.ts'
import { passwordless, purges, selectUser, selectWorkspace, userNamed, users } from './read-users.ts'
import type { Reading, RunReading } from './reading.ts'

/** What writes, and so is each database's own. */
export type Writes = Pick<
  Store,
  'commit' | 'sessionSeen' | 'tokenUsed' | 'expire' | 'count' | 'countReset' | 'trim'
>

export type StoreReads = Omit<Store, keyof Writes | typeof Symbol.asyncDispose>

type Readings<Names extends keyof StoreReads> = {
  readonly [Name in Names]: (
    ...given: Parameters<StoreReads[Name]>
  ) => Reading<Awaited<ReturnType<StoreReads[Name]>>>
}

/** Each is one statement, which is a snapshot by itself. */
const statements = {
  heads,
  workspace: selectWorkspace,
  user: selectUser,
  userNamed,
  purges,
  passwordless,
  credential,
  session: selectSession,
  sessions,
  confirmedAt,
  knowsDevice,
  token: selectToken,
  tokens,
  alive,
  ended,
  avatar,
  unusedFiles,
  imported,
  roomsForEveryone,
  roomsNamed,
  membership: selectMembership,
  notHere,
  roomsOf,
  unanswered,
  unread,
  message: selectMessage,
} satisfies Partial<Readings<keyof StoreReads>>

/** Each is several statements, which have to answer from one moment. */
const snapshots = {
  events,
  users,
  rooms,
  room: selectRoom,
  membersOf,
  memberIds,
  membersIn,
  history,
  snapshot,
} satisfies Partial<Readings<keyof StoreReads>>

/** Everything that a Store reads, on a database that runs readings. */
export const readsOf = (run: RunReading): StoreReads => ({
  ...bound(statements, run, false),
  ...bound(snapshots, run, true),
  messagesOverseen: messagesOverseen(which => run(lookOverseen(which), true)),
  messagesBy: messagesBy((at, author) => run(look(at, author), true)),
})

function bound<Names extends keyof StoreReads>(
  readings: Readings<Names>,
  run: RunReading,
  snapshot: boolean,
): Pick<StoreReads, Names> {
  const made: [string, (...given: never[]) => Reading<unknown>][] = Object.entries(readings)
  const reads = made.map(([name, reading]) => [name, (...given: never[]) => run(reading(...given), snapshot)])
  // Each entry has the signature of the reading that it runs.
  return Object.fromEntries(reads) as Pick<StoreReads, Names>
}
