import type {
  Member,
  MemberRole,
  Membership,
  Message,
  Room,
  RoomKind,
  Session,
  Token,
  User,
} from '../../../contract/entities.ts'
import type {
  AvatarId,
  Epoch,
  MessageId,
  RoomId,
  Seq,
  SessionId,
  TokenId,
  Topic,
  UserId,
} from '../../../contract/ids.ts'
import type { Change, Outcome } from '../log/change.ts'
import type { LiveSession, LiveToken } from './authentication.ts'
import type { EndingReads } from './endings.ts'
import type { HistoryRange, MessagePlace, Overseen } from './history.ts'

/** The log's bounds: `start` is the first seq it still holds (head + 1 where it holds none), `head` the last. An unknown topic is 1, 0. */
export interface Head {
  readonly start: Seq
  readonly head: Seq
}

export interface WorkspaceState {
  readonly epoch: Epoch
  readonly name: string
  readonly setUp: boolean
  /** Salts the fingerprints of `IdempotencyKey`: 32 random bytes, hex, made with the database. */
  readonly salt: string
}

/** A room with what one is in it. `members` counts; `unread` is exact up to 99, and 100 for more. */
export interface RoomOf {
  readonly room: Room
  readonly membership: Membership | null
  readonly members: number
  readonly unread: number
  readonly seq: Seq
}

/** Everything that `bootstrap.get` tells, in one snapshot. */
export interface StoreSnapshot {
  readonly workspace: WorkspaceState
  readonly me: User & { readonly email: string }
  readonly users: readonly User[]
  readonly rooms: readonly Room[]
  readonly memberships: readonly Membership[]
  readonly unread: Readonly<Record<RoomId, number>>
  readonly cursors: Readonly<Record<Topic, Seq>>
}

/**
 * The one durable state. Asynchronous everywhere, also where an implementation answers at once.
 *
 * Writing: `commit` is durable when it resolves to `done` (it outlives kill -9 and a power loss); appends get the next seqs of their
 * topics, dense and in the order given; of commits that run at once, each is all or nothing by itself. When the disk or the database
 * fails, every change gathered in that commit rejects with `Unavailable` and none of it was done, or (the outcome being unknown)
 * a retry with the same `idempotencyKey` is safe.
 *
 * Reading: each method answers from one snapshot, that includes every commit resolved before it was called; a `seq` in the answer is
 * the head of the topic named in that snapshot. A method that names a person's view answers nothing that is not in it, but decides no
 * authority: `core/access.ts` does.
 */
export interface Store extends EndingReads, AsyncDisposable {
  commit(change: Change): Promise<Outcome>

  /** Heads of the topics given, in one query. */
  heads(topics: readonly Topic[]): Promise<ReadonlyMap<Topic, Head>>
  /** Bodies of `after + 1` and on, at most so many and about so many bytes (at least one), without gaps. */
  events(
    topic: Topic,
    after: Seq,
    most: { events: number; bytes: number },
  ): Promise<{ bodies: readonly string[]; head: Head }>

  workspace(): Promise<WorkspaceState>
  snapshot(of: UserId): Promise<StoreSnapshot | null>

  /** With e-mail addresses where `email` says so. The workspace topic's seq. */
  user(id: UserId): Promise<(User & { readonly email: string }) | null>
  /** By a name after `foldName`. */
  userNamed(folded: string): Promise<(User & { readonly email: string }) | null>
  users(
    which: { ids: readonly UserId[] } | { after: UserId | null; limit: number },
  ): Promise<{ users: readonly (User & { email: string })[]; seq: Seq }>
  /** Of these, those who have an account and no password to sign in with. */
  passwordless(users: readonly UserId[]): Promise<readonly UserId[]>
  /** The stored password hash; `null` where the user has none. */
  credential(user: UserId): Promise<string | null>

  session(hash: string): Promise<LiveSession | null>
  sessions(user: UserId): Promise<readonly Omit<Session, 'current'>[]>
  /** When the password was last given in a session that is there. */
  confirmedAt(session: SessionId): Promise<number | null>
  /** Told at most once a minute or so for each: it may be written late, and lost by a crash. */
  sessionSeen(session: SessionId, at: number): Promise<void>
  /** Whether this person signed in on the device with this hash. */
  knowsDevice(hash: string, user: UserId): Promise<boolean>
  token(hash: string): Promise<LiveToken | null>
  tokens(user: UserId): Promise<readonly Token[]>
  tokenUsed(token: TokenId, at: number): Promise<void>
  /** Deletes sessions idle since before `idle` or made before `made`, and expired tokens; answers which. Devices not seen since `devices` go too. */
  expire(bounds: {
    idle: number
    made: number
    devices: number
    now: number
  }): Promise<readonly (SessionId | TokenId)[]>

  room(id: RoomId, viewer: UserId): Promise<RoomOf | null>
  /** `mine` and public ones; with `all`, private ones too; never a direct room the viewer is not in. Workspace topic's seq. */
  rooms(
    viewer: UserId,
    which: 'visible' | 'mine' | 'all',
  ): Promise<{ rooms: readonly (Room & { members: number })[]; seq: Seq }>
  /** Public rooms whose name has this `addressOf`, the oldest first, then the last room that had such a name while it was public. At most 10. */
  roomsNamed(address: string): Promise<readonly RoomId[]>
  /** Rooms flagged `everyone` and not archived. */
  roomsForEveryone(): Promise<readonly RoomId[]>
  membersOf(
    room: RoomId,
    page: { after: UserId | null; limit: number },
  ): Promise<{ members: readonly Member[]; seq: Seq }>
  /** Ids of all who are members, with the seq of the room's log that this holds at: where a node begins to fold. */
  memberIds(room: RoomId): Promise<{ users: readonly UserId[]; seq: Seq }>
  /** One that is set aside too. */
  membership(room: RoomId, user: UserId): Promise<{ role: MemberRole; since: Seq; read: Seq } | null>
  /** The rooms in somebody's list, and since which seq they are in each: all that they are a member of and that are not set aside. */
  roomsOf(
    user: UserId,
  ): Promise<readonly { readonly room: RoomId; readonly kind: RoomKind; readonly since: Seq }[]>
  /** Of a direct room's active people, those who are not members (it was never written in, or they left it) or have it set aside. */
  notHere(room: RoomId): Promise<readonly { readonly user: UserId; readonly isSetAside: boolean }[]>
  /**
   * Direct rooms in somebody's list that others put them in and that they never wrote in: unread ones first, then the newest first, beyond
   * the first `but`; a few at a time.
   */
  unanswered(user: UserId, but: number): Promise<readonly RoomId[]>

  /** Oldest first; deleted messages are left out. */
  history(
    room: RoomId,
    range: HistoryRange,
  ): Promise<{ messages: readonly Message[]; before: boolean; after: boolean; seq: Seq }>
  /** With the head of its room's log; `null` for a deleted one. */
  message(id: MessageId): Promise<{ message: Message; seq: Seq } | null>
  /**
   * Messages of public and private rooms that are not deleted, newest first, after the place `before`. It looks through so many at most, so that
   * no answer takes long: `next` is where to go on, null at the end.
   */
  messagesOverseen(which: Overseen): Promise<{ messages: readonly Message[]; next: MessagePlace | null }>
  /** Messages of one author that are not deleted, in any rooms: the next page to purge. */
  messagesBy(author: UserId, limit: number): Promise<readonly Message[]>
  /** Users whose messages are still to be purged. */
  purges(): Promise<readonly UserId[]>
  unread(room: RoomId, user: UserId): Promise<{ read: Seq; unread: number; seq: Seq } | null>

  avatar(id: AvatarId): Promise<Readonly<Record<number, string>> | null>
  /** Of these content hashes, those that no row names any more. */
  unusedFiles(hashes: readonly string[]): Promise<readonly string[]>
  imported(source: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>>

  /** A counter that outlives a restart: adds one to `key` in the window that `now` falls in, and answers the count and when it ends (ms). */
  count(key: string, windowMs: number, now: number): Promise<{ count: number; until: number }>
  countReset(key: string): Promise<void>

  /** Drops events older than `before` beyond the newest `keep` of each topic. Messages stay. */
  trim(bounds: { before: number; keep: number }): Promise<void>
}
