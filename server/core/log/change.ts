import type { ErrorCode } from '../../../contract/codes.ts'
import type { MemberRole, Role, Room, RoomKind, User, UserState } from '../../../contract/entities.ts'
import type { Event } from '../../../contract/events.ts'
import type {
  AvatarId,
  MessageId,
  RoomId,
  Seq,
  SessionId,
  TokenId,
  Topic,
  UserId,
} from '../../../contract/ids.ts'

/**
 * Everything that is ever written is a Change: data, not code, so that a Store may gather many into one commit, hand them to a thread
 * or send them in one round trip. It is all or nothing. The Store locks the topics of `appends` in sorted order, looks up `idempotencyKey`,
 * checks every guard, appends, and folds each event into its tables by itself (see `Event`); `rows` are what stands in no log.
 */
export interface Change {
  readonly idempotencyKey?: IdempotencyKey
  readonly guards: readonly Guard[]
  readonly appends: readonly Append[]
  readonly rows: readonly RowWrite[]
}

export interface Append {
  readonly topic: Topic
  readonly event: Event
  /** A `room.changed` that makes the room; without it, it changes one that is there. */
  readonly creates?: true
}

/**
 * The id that this change makes, looked up before any guard. Known, by the same author, and with an equal fingerprint (which a
 * deleted message no longer has): the answer is what is there, and nothing is written. In use for anything else, however that was made, or once in use:
 * `id_taken`. Unused: it is kept. `fingerprint` is a salted hash of what "the same" means.
 *
 * A change without it that makes something under an id in use is refused `id_taken` too: no write takes another thing's place. Only
 * a direct room, whose id nobody can give, may be made again after it was erased.
 */
export interface IdempotencyKey {
  readonly of: 'message' | 'room' | 'user' | 'token'
  readonly id: string
  readonly author: UserId
  readonly fingerprint: string
}

/** A condition on the state under the lock. Where it does not hold, the change is refused with `refuse` (and `field`), the first that fails. */
export type Guard = { readonly refuse: ErrorCode; readonly field?: string } & Condition

export type Condition =
  | { readonly if: 'any'; readonly of: readonly Condition[] }
  | {
      readonly if: 'user'
      readonly user: UserId
      readonly state?: UserState
      readonly roles?: readonly Role[]
    }
  /** There is an active owner who is not this user. */
  | { readonly if: 'another owner'; readonly than: UserId }
  | {
      readonly if: 'room'
      readonly room: RoomId
      readonly kinds?: readonly RoomKind[]
      readonly archived?: boolean
    }
  /** `setAside`: whether it is a conversation that is set aside for them, or is not. */
  | {
      readonly if: 'member'
      readonly room: RoomId
      readonly user: UserId
      readonly roles?: readonly MemberRole[]
      readonly setAside?: boolean
    }
  | { readonly if: 'not a member'; readonly room: RoomId; readonly user: UserId }
  /** The message stands in the room, is not deleted, and has this author and revision, and came after `sinceOf` came into the room, where they are given. */
  | {
      readonly if: 'message'
      readonly message: MessageId
      readonly room: RoomId
      readonly author?: UserId
      readonly rev?: number
      readonly sinceOf?: UserId
    }
  /** `own`: those that somebody made, joined, opened or wrote in; `others`: those that others put them in. Those set aside are none of them. */
  | {
      readonly if: 'fewer rooms'
      readonly user: UserId
      readonly than: number
      readonly which: 'own' | 'others' | 'any'
    }
  /** Whoever of a direct room's people is active, but for these, is a member of it and has it in their list. It holds for every other room. */
  | { readonly if: 'all here'; readonly room: RoomId; readonly but: readonly UserId[] }
  /** Nobody but this one, and those who are deleted, is a member. */
  | { readonly if: 'nobody else'; readonly room: RoomId; readonly than: UserId }
  | { readonly if: 'fewer tokens'; readonly user: UserId; readonly than: number }
  | {
      readonly if: 'marker'
      readonly room: RoomId
      readonly user: UserId
      readonly below?: Seq
      readonly above?: Seq
    }
  /** The password hash is still this one: what was verified against it still holds. */
  | { readonly if: 'credential'; readonly user: UserId; readonly hash: string }
  /** The user is still as it was read: an event that carries the whole of it undoes nobody's change. The caller reads again where it is not. */
  | { readonly if: 'user unchanged'; readonly user: User & { readonly email: string } }
  /** The same for a room's own fields. */
  | { readonly if: 'room unchanged'; readonly room: Omit<Room, 'last' | 'people'> }
  /** The session is there, and its user gave the password in it at or after `since`. */
  | { readonly if: 'session confirmed'; readonly session: SessionId; readonly since: number }
  /** No owner was made yet. */
  | { readonly if: 'set-up pending' }
  | { readonly if: 'room unknown'; readonly room: RoomId }

/** State that stands in no log. Unique names are the Store's own indexes: a second one is refused `taken` with the field. */
export type RowWrite =
  | { readonly row: 'credential'; readonly user: UserId; readonly hash: string }
  | { readonly row: 'session'; readonly session: NewSession }
  /** The password was given again in this session. */
  | { readonly row: 'session confirmed'; readonly session: SessionId; readonly at: number }
  | { readonly row: 'session ended'; readonly session: SessionId; readonly user: UserId }
  | { readonly row: 'sessions ended'; readonly user: UserId; readonly except?: SessionId }
  /** This person signed in on the device whose secret has this hash. */
  | { readonly row: 'device'; readonly hash: string; readonly user: UserId; readonly at: number }
  | { readonly row: 'devices forgotten'; readonly user: UserId }
  | { readonly row: 'token'; readonly token: NewToken }
  | { readonly row: 'token ended'; readonly token: TokenId; readonly user: UserId }
  | { readonly row: 'tokens ended'; readonly user: UserId }
  | { readonly row: 'avatar'; readonly avatar: NewAvatar }
  /** Set-up is done: from now on there is an owner. */
  | { readonly row: 'set up' }
  /** The user's messages are still to be deleted, by whoever starts next if need be. */
  | { readonly row: 'purge'; readonly user: UserId }
  | { readonly row: 'purged'; readonly user: UserId }
  /** The room, its messages, members and log are deleted. */
  | { readonly row: 'room erased'; readonly room: RoomId }
  /** Who a direct room is of, where nothing tells yet: it was made by an older version. */
  | { readonly row: 'people'; readonly room: RoomId; readonly people: readonly UserId[] }
  /** A conversation goes out of a member's list until its next message; they stay a member, and all that they may read stays as it was. */
  | { readonly row: 'set aside'; readonly room: RoomId; readonly user: UserId }
  /** It is in their list again; `own`: by their own doing. */
  | { readonly row: 'in the list'; readonly room: RoomId; readonly user: UserId; readonly own: boolean }
  /** A message that an import brings is known under a name of its source, so that a second run brings it no second time. */
  | { readonly row: 'imported'; readonly source: string; readonly key: string; readonly id: string }

export interface NewSession {
  readonly id: SessionId
  readonly user: UserId
  /** SHA-256 of the secret, hex. */
  readonly hash: string
  /** Made, last seen, and (it was made by giving the password) confirmed. */
  readonly at: number
  readonly agent: string
  readonly address: string
}

export interface NewToken {
  readonly id: TokenId
  readonly user: UserId
  readonly name: string
  /** SHA-256 of the secret, hex. */
  readonly hash: string
  readonly at: number
  readonly expires: number | null
}

/** A picture's sizes, each a content hash in Files, by its side in pixels. */
export interface NewAvatar {
  readonly id: AvatarId
  readonly user: UserId
  readonly sizes: Readonly<Record<number, string>>
}

/** An event where it stands: `body` is its one encoding. */
export interface Appended {
  readonly topic: Topic
  readonly seq: Seq
  readonly event: Event
  readonly body: string
}

/** `already`: `idempotencyKey` was known; `seq` is what it made then (0 where it stands in no log). */
export type Outcome =
  | { readonly is: 'done'; readonly appended: readonly Appended[] }
  | { readonly is: 'already'; readonly seq: Seq; readonly deleted: boolean }
  | { readonly is: 'refused'; readonly code: ErrorCode; readonly field?: string }
