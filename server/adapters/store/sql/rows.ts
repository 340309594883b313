import { limits } from '../../../../contract/limits.ts'
import type { NewSession, NewToken, RowWrite } from '../../../core/log/change.ts'
import { rightsEnded } from './endings.ts'
import { flag } from './fields.ts'
import { selectIdInUse } from './idempotency.ts'
import { peopleNames, peopleParams } from './people-params.ts'
import type { Params, WriteDefinition, WriteLocks } from './write.ts'
import { noLocks, ownerLock, roomLock, workspaceLock } from './write.ts'

type Plain = RowWrite | { readonly row: 'avatar file'; readonly avatar: string; side: number; hash: string }
type Of<Name extends Plain['row']> = Extract<Plain, { row: Name }>

/** How what stands in no log is written. */
export const rows: { readonly [Name in Plain['row']]: WriteDefinition<Of<Name>> } = {
  credential: {
    params: ({ user, hash }) => ({ user, hash }),
    steps: [
      {
        run: `INSERT INTO credentials ("user", hash) VALUES (@user, @hash)
          ON CONFLICT ("user") DO UPDATE SET hash = excluded.hash`,
      },
    ],
    locks: ownerLock,
  },
  session: {
    params: ({ session: { id, user, hash, at, agent, address } }: { session: NewSession }) => ({
      ...{ id, user, hash, at, agent, address },
    }),
    steps: [
      {
        run: `INSERT INTO sessions (id, "user", hash, created_at, seen_at, confirmed_at, agent, address)
          VALUES (@id, @user, @hash, #at, #at, #at, @agent, @address)`,
      },
    ],
    locks: ({ session }) => ownerLock(session),
  },
  'session confirmed': {
    params: ({ session, at }) => ({ session, at }),
    steps: [{ run: 'UPDATE sessions SET confirmed_at = #at WHERE id = @session' }],
    locks: noLocks,
  },
  'session ended': {
    params: ({ session, user }) => ({ session, user }),
    steps: [{ run: 'DELETE FROM sessions WHERE id = @session AND "user" = @user' }],
    locks: ownerLock,
  },
  'sessions ended': {
    params: ({ user, except = '' }) => ({ user, except }),
    steps: [{ run: 'DELETE FROM sessions WHERE "user" = @user AND id <> @except' }],
    locks: ownerLock,
  },
  device: {
    params: ({ hash, user, at }) => ({ hash, user, at }),
    steps: [
      {
        run: `INSERT INTO devices (hash, "user", seen_at) VALUES (@hash, @user, #at)
          ON CONFLICT (hash, "user") DO UPDATE SET seen_at = excluded.seen_at`,
      },
      {
        run: `DELETE FROM devices WHERE "user" = @user AND hash NOT IN (
          SELECT hash FROM devices WHERE "user" = @user ORDER BY seen_at DESC, hash LIMIT ${limits.devicesAPerson})`,
      },
    ],
    locks: ownerLock,
  },
  'devices forgotten': {
    params: ({ user }) => ({ user }),
    steps: [{ run: 'DELETE FROM devices WHERE "user" = @user' }],
    locks: ownerLock,
  },
  token: {
    params: ({ token: { id, user, name, hash, at, expires } }: { token: NewToken }) => ({
      ...{ id, user, name, hash, at, expires },
    }),
    steps: [
      { refuseIfIdInUse: selectIdInUse('@id') },
      // Its id stays taken when it is gone, also where it was made without one's asking for it by this id.
      { run: `INSERT INTO made (what, id, author, print, seq) VALUES ('token', @id, @user, '', 0)` },
      {
        run: `INSERT INTO tokens (id, "user", name, hash, created_at, expires)
          VALUES (@id, @user, @name, @hash, #at, #expires)`,
      },
    ],
    locks: ({ token }) => ({ ...ownerLock(token), ids: [token.id] }),
  },
  'token ended': {
    params: ({ token, user }) => ({ token, user }),
    steps: [{ run: 'DELETE FROM tokens WHERE id = @token AND "user" = @user' }],
    locks: ownerLock,
  },
  'tokens ended': {
    params: ({ user }) => ({ user }),
    steps: [{ run: 'DELETE FROM tokens WHERE "user" = @user' }],
    locks: ownerLock,
  },
  avatar: {
    params: ({ avatar: { id, user } }) => ({ id, user }),
    steps: [{ run: 'INSERT INTO avatars (id, "user") VALUES (@id, @user)' }],
    locks: noLocks,
  },
  'avatar file': {
    params: ({ avatar, side, hash }) => ({ avatar, side, hash }),
    steps: [{ run: 'INSERT INTO avatar_files (avatar, side, hash) VALUES (@avatar, #side, @hash)' }],
    locks: noLocks,
  },
  'set up': {
    params: () => ({}),
    steps: [{ run: 'UPDATE workspace SET set_up = 1' }],
    locks: workspaceLock,
  },
  purge: {
    params: ({ user }) => ({ user }),
    steps: [{ run: 'INSERT INTO purges ("user") VALUES (@user) ON CONFLICT DO NOTHING' }],
    locks: ownerLock,
  },
  purged: {
    params: ({ user }) => ({ user }),
    steps: [{ run: 'DELETE FROM purges WHERE "user" = @user' }],
    locks: ownerLock,
  },
  // The room is gone at once; what it held, which may be much, is deleted bit by bit (see `erasures`).
  'room erased': {
    params: ({ room }) => ({ id: room }),
    steps: [
      { close: 'room' },
      {
        run: `INSERT INTO erasures (room, below) VALUES (@id, #head)
          ON CONFLICT (room) DO UPDATE SET below = excluded.below`,
      },
      { run: 'DELETE FROM memberships WHERE room = @id' },
      ...rightsEnded({ who: "'everybody'", room: '@id', seq: '#head' }),
      { run: 'DELETE FROM participants WHERE room = @id' },
      { run: 'DELETE FROM room_names WHERE room = @id' },
      { run: 'DELETE FROM rooms WHERE id = @id' },
    ],
    locks: roomLock,
  },
  people: {
    params: ({ room, people }) => ({ room, ...peopleParams(people) }),
    steps: [
      {
        run: `INSERT INTO participants (room, "user") SELECT @room, id FROM users
          WHERE id IN (${peopleNames}) AND NOT EXISTS (SELECT 1 FROM participants WHERE room = @room)`,
      },
    ],
    locks: roomLock,
  },
  'set aside': {
    params: ({ room, user }) => ({ room, user }),
    steps: [{ run: 'UPDATE memberships SET set_aside = 1 WHERE room = @room AND "user" = @user' }],
    locks: roomLock,
  },
  'in the list': {
    params: ({ room, user, own }) => ({ room, user, own: flag(own) }),
    steps: [
      {
        run: `UPDATE memberships SET set_aside = 0, own = CASE WHEN #own = 1 THEN 1 ELSE own END
          WHERE room = @room AND "user" = @user`,
      },
    ],
    locks: roomLock,
  },
  imported: {
    params: ({ source, key, id }) => ({ source, key, id }),
    steps: [{ run: 'INSERT INTO imported (source, "key", id) VALUES (@source, @key, @id)' }],
    locks: noLocks,
  },
}

/** A row as its steps are given it. */
export interface RowOf {
  readonly row: Plain['row']
  readonly p: Params
}

export function tableRowsOf(write: RowWrite): readonly RowOf[] {
  if (write.row !== 'avatar') return [rowOf(write)]
  const { id, sizes } = write.avatar
  const files = Object.entries(sizes).map(([side, hash]) =>
    rowOf({ row: 'avatar file', avatar: id, side: Number(side), hash }),
  )
  return [rowOf(write), ...files]
}

function rowOf(write: Plain): RowOf {
  // The table pairs each name with the params of its own row, which the compiler cannot follow through the lookup.
  const { params } = rows[write.row] as WriteDefinition<Plain>
  return { row: write.row, p: params(write) }
}

/** What writing the row locks. */
export function rowLocks(write: RowWrite): WriteLocks {
  const { locks } = rows[write.row] as WriteDefinition<Plain>
  return locks(write, 'workspace')
}
