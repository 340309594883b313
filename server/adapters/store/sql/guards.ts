import type { Condition } from '../../../core/log/change.ts'
import { roomFields, userFields } from './columns.ts'
import { equalFields, fieldParams, flag } from './fields.ts'
import type { Params, WriteLocks } from './write.ts'
import { noLocks, ownerLock, roomLock, workspaceLock } from './write.ts'

type Plain = Exclude<Condition, { if: 'any' }>
type Of<Name extends Plain['if']> = Extract<Plain, { if: Name }>

/** How a condition is asked: an expression of SQL that both databases read, its params (see `WriteStep`), and what is locked so that its answer stays true. */
export interface Asked<T> {
  params(condition: T): Params
  readonly holds: string
  readonly locks: (condition: T) => WriteLocks
}

/** A list as one text that `amongst` finds a word in; null allows any. */
const listed = (words: readonly string[] | undefined): string | null =>
  words ? `,${words.join(',')},` : null
const amongst = (column: string, list: string): string =>
  `(${list} IS NULL OR ${list} LIKE '%,' || ${column} || ',%')`

const userParams = fieldParams(userFields)
const roomParams = fieldParams(roomFields)

/** On the state as it is inside the transaction. */
export const conditions: { readonly [Name in Plain['if']]: Asked<Of<Name>> } = {
  user: {
    params: ({ user, state = null, roles }) => ({ user, state, roles: listed(roles) }),
    holds: `EXISTS (SELECT 1 FROM users
      WHERE id = @user AND state = coalesce(@state, state) AND ${amongst('role', '@roles')})`,
    locks: ({ user }) => ({ shared: [user] }),
  },
  'user unchanged': {
    params: ({ user }) => ({ ...userParams(user), email: user.email }),
    holds: `EXISTS (SELECT 1 FROM users WHERE ${equalFields(userFields)} AND email = @email)`,
    locks: ({ user }) => ownerLock({ user: user.id }),
  },
  'another owner': {
    params: ({ than }) => ({ than }),
    holds: "EXISTS (SELECT 1 FROM users WHERE role = 'owner' AND state = 'active' AND id <> @than)",
    locks: workspaceLock,
  },
  'set-up pending': {
    params: () => ({}),
    holds: 'EXISTS (SELECT 1 FROM workspace WHERE set_up = 0)',
    locks: workspaceLock,
  },
  room: {
    params: ({ room, kinds, archived }) => ({
      room,
      kinds: listed(kinds),
      archived: archived === undefined ? null : flag(archived),
    }),
    holds: `EXISTS (SELECT 1 FROM rooms
      WHERE id = @room AND archived = coalesce(#archived, archived) AND ${amongst('kind', '@kinds')})`,
    locks: roomLock,
  },
  'room unknown': {
    params: ({ room }) => ({ room }),
    holds: 'NOT EXISTS (SELECT 1 FROM rooms WHERE id = @room)',
    locks: roomLock,
  },
  'room unchanged': {
    params: ({ room }) => roomParams(room),
    holds: `EXISTS (SELECT 1 FROM rooms WHERE ${equalFields(roomFields)})`,
    locks: ({ room }) => roomLock({ room: room.id }),
  },
  member: {
    params: ({ room, user, roles, setAside }) => ({
      ...{ room, user, roles: listed(roles) },
      setAside: setAside === undefined ? null : flag(setAside),
    }),
    holds: `EXISTS (SELECT 1 FROM memberships
      WHERE room = @room AND "user" = @user AND ${amongst('role', '@roles')} AND set_aside = coalesce(#setAside, set_aside))`,
    locks: roomLock,
  },
  'not a member': {
    params: ({ room, user }) => ({ room, user }),
    holds: 'NOT EXISTS (SELECT 1 FROM memberships WHERE room = @room AND "user" = @user)',
    locks: roomLock,
  },
  'all here': {
    params: ({ room, but }) => ({ room, but: listed(but) }),
    holds: `NOT EXISTS (SELECT 1 FROM participants AS theirs JOIN users ON users.id = theirs."user" AND state = 'active'
      WHERE theirs.room = @room AND coalesce(@but, '') NOT LIKE '%,' || theirs."user" || ',%'
        AND NOT EXISTS (SELECT 1 FROM memberships AS here
          WHERE here.room = @room AND here."user" = theirs."user" AND here.set_aside = 0))`,
    locks: roomLock,
  },
  'nobody else': {
    params: ({ room, than }) => ({ room, than }),
    holds: `NOT EXISTS (SELECT 1 FROM memberships JOIN users ON users.id = "user" AND state <> 'deleted'
      WHERE room = @room AND "user" <> @than)`,
    locks: roomLock,
  },
  message: {
    params: ({ message, room, author = null, rev = null, sinceOf = null }) => ({
      ...{ message, room, author, rev, sinceOf },
    }),
    holds: `EXISTS (SELECT 1 FROM messages
      WHERE id = @message AND room = @room AND author = coalesce(@author, author) AND rev = coalesce(#rev, rev)
        AND seq > coalesce((SELECT since FROM memberships WHERE room = @room AND "user" = @sinceOf), 0))`,
    locks: roomLock,
  },
  'fewer rooms': {
    params: ({ user, than, which }) => ({ user, than, own: which === 'any' ? null : flag(which === 'own') }),
    holds:
      '(SELECT count(*) FROM memberships WHERE "user" = @user AND set_aside = 0 AND own = coalesce(#own, own)) < #than',
    locks: ownerLock,
  },
  'fewer tokens': {
    params: ({ user, than }) => ({ user, than }),
    holds: '(SELECT count(*) FROM tokens WHERE "user" = @user) < #than',
    locks: ownerLock,
  },
  marker: {
    params: ({ room, user, below = null, above = null }) => ({ room, user, below, above }),
    holds: `EXISTS (SELECT 1 FROM memberships
      WHERE room = @room AND "user" = @user AND read < coalesce(#below, ${Number.MAX_SAFE_INTEGER})
        AND read > coalesce(#above, -1))`,
    locks: roomLock,
  },
  credential: {
    params: ({ user, hash }) => ({ user, hash }),
    holds: 'EXISTS (SELECT 1 FROM credentials WHERE "user" = @user AND hash = @hash)',
    locks: ownerLock,
  },
  'session confirmed': {
    params: ({ session, since }) => ({ session, since }),
    holds: 'EXISTS (SELECT 1 FROM sessions WHERE id = @session AND confirmed_at >= #since)',
    locks: noLocks,
  },
}

/** A condition as its expression is given it. */
export type AskedFor =
  | { readonly if: 'any'; readonly of: readonly AskedFor[] }
  | { readonly if: Plain['if']; readonly p: Params }

export function askedFor(condition: Condition): AskedFor {
  if (condition.if === 'any') return { if: 'any', of: condition.of.map(askedFor) }
  // The table pairs each name with the params of its own condition, which the compiler cannot follow through the lookup.
  const { params } = conditions[condition.if] as Asked<Plain>
  return { if: condition.if, p: params(condition) }
}

/** What is locked so that the condition still holds at the commit. */
export function conditionLocks(condition: Condition): readonly WriteLocks[] {
  if (condition.if === 'any') return condition.of.flatMap(conditionLocks)
  const { locks } = conditions[condition.if] as Asked<Plain>
  return [locks(condition)]
}
