import type { Condition } from '../../../core/change.ts'
import { flag } from './columns.ts'
import type { Params } from './step.ts'

type Plain = Exclude<Condition, { if: 'any' }>
type Of<Name extends Plain['if']> = Extract<Plain, { if: Name }>

/** How a condition is asked: an expression of SQL that both databases read, and its params (see `Step`). */
export interface Asked<T> {
  params(condition: T): Params
  readonly holds: string
}

/** A list as one text that `amongst` finds a word in; null allows any. */
const listed = (words: readonly string[] | undefined): string | null =>
  words ? `,${words.join(',')},` : null
const amongst = (column: string, list: string): string =>
  `(${list} IS NULL OR ${list} LIKE '%,' || ${column} || ',%')`

/** On the state as it is inside the transaction. */
export const conditions: { readonly [Name in Plain['if']]: Asked<Of<Name>> } = {
  user: {
    params: ({ user, state = null, roles }) => ({ user, state, roles: listed(roles) }),
    holds: `EXISTS (SELECT 1 FROM users
      WHERE id = @user AND state = coalesce(@state, state) AND ${amongst('role', '@roles')})`,
  },
  'user unchanged': {
    params: ({ user }) => ({ ...user }),
    holds: `EXISTS (SELECT 1 FROM users
      WHERE id = @id AND username = @username AND display_name = @displayName AND first_name = @firstName
        AND last_name = @lastName AND status = @status AND avatar IS NOT DISTINCT FROM @avatar AND role = @role
        AND state = @state AND created_at = #createdAt AND email = @email)`,
  },
  'another owner': {
    params: ({ than }) => ({ than }),
    holds: "EXISTS (SELECT 1 FROM users WHERE role = 'owner' AND state = 'active' AND id <> @than)",
  },
  'set-up pending': {
    params: () => ({}),
    holds: 'EXISTS (SELECT 1 FROM workspace WHERE set_up = 0)',
  },
  room: {
    params: ({ room, kinds, archived }) => ({
      room,
      kinds: listed(kinds),
      archived: archived === undefined ? null : flag(archived),
    }),
    holds: `EXISTS (SELECT 1 FROM rooms
      WHERE id = @room AND archived = coalesce(#archived, archived) AND ${amongst('kind', '@kinds')})`,
  },
  'room unknown': {
    params: ({ room }) => ({ room }),
    holds: 'NOT EXISTS (SELECT 1 FROM rooms WHERE id = @room)',
  },
  'room unchanged': {
    params: ({ room: { archived, everyone, id, kind, name, topic, createdAt } }) => ({
      ...{ id, kind, name, topic, createdAt },
      archived: flag(archived),
      everyone: flag(everyone),
    }),
    holds: `EXISTS (SELECT 1 FROM rooms
      WHERE id = @id AND kind = @kind AND name = @name AND topic = @topic AND archived = #archived
        AND everyone = #everyone AND created_at = #createdAt)`,
  },
  member: {
    params: ({ room, user, roles, setAside }) => ({
      ...{ room, user, roles: listed(roles) },
      setAside: setAside === undefined ? null : flag(setAside),
    }),
    holds: `EXISTS (SELECT 1 FROM memberships
      WHERE room = @room AND "user" = @user AND ${amongst('role', '@roles')} AND set_aside = coalesce(#setAside, set_aside))`,
  },
  'not a member': {
    params: ({ room, user }) => ({ room, user }),
    holds: 'NOT EXISTS (SELECT 1 FROM memberships WHERE room = @room AND "user" = @user)',
  },
  'all here': {
    params: ({ room, but }) => ({ room, but: listed(but) }),
    holds: `NOT EXISTS (SELECT 1 FROM participants AS theirs JOIN users ON users.id = theirs."user" AND state = 'active'
      WHERE theirs.room = @room AND coalesce(@but, '') NOT LIKE '%,' || theirs."user" || ',%'
        AND NOT EXISTS (SELECT 1 FROM memberships AS here
          WHERE here.room = @room AND here."user" = theirs."user" AND here.set_aside = 0))`,
  },
  'nobody else': {
    params: ({ room, than }) => ({ room, than }),
    holds: `NOT EXISTS (SELECT 1 FROM memberships JOIN users ON users.id = "user" AND state <> 'deleted'
      WHERE room = @room AND "user" <> @than)`,
  },
  message: {
    params: ({ message, room, author = null, rev = null, sinceOf = null }) => ({
      ...{ message, room, author, rev, sinceOf },
    }),
    holds: `EXISTS (SELECT 1 FROM messages
      WHERE id = @message AND room = @room AND author = coalesce(@author, author) AND rev = coalesce(#rev, rev)
        AND seq > coalesce((SELECT since FROM memberships WHERE room = @room AND "user" = @sinceOf), 0))`,
  },
  'fewer rooms': {
    params: ({ user, than, which }) => ({ user, than, own: which === 'any' ? null : flag(which === 'own') }),
    holds:
      '(SELECT count(*) FROM memberships WHERE "user" = @user AND set_aside = 0 AND own = coalesce(#own, own)) < #than',
  },
  'fewer tokens': {
    params: ({ user, than }) => ({ user, than }),
    holds: '(SELECT count(*) FROM tokens WHERE "user" = @user) < #than',
  },
  marker: {
    params: ({ room, user, below = null, above = null }) => ({ room, user, below, above }),
    holds: `EXISTS (SELECT 1 FROM memberships
      WHERE room = @room AND "user" = @user AND read < coalesce(#below, ${Number.MAX_SAFE_INTEGER})
        AND read > coalesce(#above, -1))`,
  },
  credential: {
    params: ({ user, hash }) => ({ user, hash }),
    holds: 'EXISTS (SELECT 1 FROM credentials WHERE "user" = @user AND hash = @hash)',
  },
  'session confirmed': {
    params: ({ session, since }) => ({ session, since }),
    holds: 'EXISTS (SELECT 1 FROM sessions WHERE id = @session AND confirmed_at >= #since)',
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
