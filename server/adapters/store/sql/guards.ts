import type { Database, Statement } from 'better-sqlite3'
import type { MemberRole, Role, RoomKind, User, UserState } from '../../../../contract/entities.ts'
import type { Seq } from '../../../../contract/ids.ts'
import type { Condition, Guard } from '../../../core/change.ts'
import { userColumns } from './columns.ts'

type Of<Name extends Condition['if']> = Extract<Condition, { if: Name }>
type Check<Name extends Condition['if']> = (condition: Of<Name>) => boolean
type Checks<Names extends Condition['if'] = Condition['if']> = { readonly [Name in Names]: Check<Name> }

/** Finds the first guard that does not hold, on the state as it is inside the transaction. */
export function guardsOf(db: Database): (guards: readonly Guard[]) => Guard | undefined {
  const checks: Checks<Exclude<Condition['if'], 'any'>> = {
    ...peopleChecks(db),
    ...roomChecks(db),
    ...messageChecks(db),
    ...keyChecks(db),
  }
  const holds = (condition: Condition): boolean =>
    condition.if === 'any'
      ? condition.of.some(holds)
      : // The table pairs each name with the check of its own condition, which the compiler cannot follow through the lookup.
        (checks[condition.if] as (condition: Condition) => boolean)(condition)
  return guards => guards.find(guard => !holds(guard))
}

const among = <T>(allowed: readonly T[] | undefined, value: T): boolean => allowed?.includes(value) ?? true
const some = (statement: Statement, ...values: unknown[]): boolean => statement.get(...values) !== undefined

function peopleChecks(db: Database): Checks<'user' | 'user unchanged' | 'another owner' | 'set-up pending'> {
  const user = db.prepare<[string], { role: Role; state: UserState }>(
    'SELECT role, state FROM users WHERE id = ?',
  )
  const whole = db.prepare<[string], User & { email: string }>(
    `SELECT ${userColumns}, email FROM users WHERE id = ?`,
  )
  const owner = db.prepare(
    "SELECT 1 FROM users WHERE role = 'owner' AND state = 'active' AND id <> ? LIMIT 1",
  )
  const pending = db.prepare('SELECT 1 FROM workspace WHERE set_up = 0')
  return {
    user: is => {
      const row = user.get(is.user)
      return row !== undefined && row.state === (is.state ?? row.state) && among(is.roles, row.role)
    },
    'user unchanged': is => {
      const row = whole.get(is.user.id)
      return row !== undefined && same(row, is.user)
    },
    'another owner': is => some(owner, is.than),
    'set-up pending': () => some(pending),
  }
}

function roomChecks(
  db: Database,
): Checks<'room' | 'room unknown' | 'room unchanged' | 'member' | 'not a member' | 'fewer rooms' | 'marker'> {
  const room = db.prepare<[string], RoomRow>(
    'SELECT id, kind, name, topic, archived, everyone, created_at AS createdAt FROM rooms WHERE id = ?',
  )
  const member = db.prepare<[string, string], { role: MemberRole; read: Seq }>(
    'SELECT role, read FROM memberships WHERE room = ? AND "user" = ?',
  )
  const rooms = db.prepare<[string], number>('SELECT count(*) FROM memberships WHERE "user" = ?').pluck()
  return {
    room: is => {
      const row = room.get(is.room)
      if (!row || !among(is.kinds, row.kind)) return false
      return is.archived === undefined || is.archived === (row.archived === 1)
    },
    'room unknown': is => room.get(is.room) === undefined,
    'room unchanged': is => {
      const row = room.get(is.room.id)
      if (!row) return false
      return same({ ...row, archived: row.archived === 1, everyone: row.everyone === 1 }, is.room)
    },
    member: is => {
      const row = member.get(is.room, is.user)
      return row !== undefined && among(is.roles, row.role)
    },
    'not a member': is => member.get(is.room, is.user) === undefined,
    'fewer rooms': is => (rooms.get(is.user) ?? 0) < is.than,
    marker: is => {
      const row = member.get(is.room, is.user)
      return row !== undefined && row.read < (is.below ?? Infinity) && row.read > (is.above ?? -1)
    },
  }
}

interface RoomRow {
  id: string
  kind: RoomKind
  name: string
  topic: string
  archived: number
  everyone: number
  createdAt: number
}

function messageChecks(db: Database): Checks<'message'> {
  const message = db.prepare<[string], { room: string; author: string; rev: number }>(
    'SELECT room, author, rev FROM messages WHERE id = ?',
  )
  return {
    message: is => {
      const row = message.get(is.message)
      if (!row || row.room !== is.room) return false
      return row.author === (is.author ?? row.author) && row.rev === (is.rev ?? row.rev)
    },
  }
}

function keyChecks(db: Database): Checks<'credential' | 'session confirmed' | 'fewer tokens'> {
  const credential = db.prepare('SELECT 1 FROM credentials WHERE "user" = ? AND hash = ?')
  const confirmed = db.prepare('SELECT 1 FROM sessions WHERE id = ? AND confirmed_at >= ?')
  const tokens = db.prepare<[string], number>('SELECT count(*) FROM tokens WHERE "user" = ?').pluck()
  return {
    credential: is => some(credential, is.user, is.hash),
    'session confirmed': is => some(confirmed, is.session, is.since),
    'fewer tokens': is => (tokens.get(is.user) ?? 0) < is.than,
  }
}

/** Every field that is stored is as it was read. */
const same = (stored: object, read: object): boolean =>
  Object.entries(stored).every(([field, value]) => (read as Record<string, unknown>)[field] === value)
