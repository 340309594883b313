import type { RoomId, UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { foldName } from '../../../contract/names.ts'
import type { Output, Parsed } from '../../../contract/operations.ts'
import { skeletonOf } from '../../text/skeleton.ts'
import { unchanged } from '../access.ts'
import type { Answer, Refusal } from '../answer.ts'
import { isRefusal, refuse } from '../answer.ts'
import { refuseWeak } from '../authentication/passwords.ts'
import { sameSecret } from '../authentication/secrets.ts'
import type { Admitted } from '../call.ts'
import type { OperationContext } from '../context.ts'
import type { Append, Guard, RowWrite } from '../log/change.ts'
import { change, write } from '../log/write.ts'
import type { Store } from '../ports/store.ts'
import { invalid, refusalOf, usernameTaken } from '../refusals.ts'
import { made } from './rooms/room-events.ts'
import { rememberDevice } from './users/devices.ts'
import type { Person, Stamp } from './users/model.ts'
import { arrival, asEverybodySees, asOneself, joins, newPerson } from './users/model.ts'
import { begins } from './users/sign-in.ts'

/** The public rooms that a new workspace has, which everyone who signs up is in. */
const firstRooms = ['General', 'Random']

/** The first owner, and what else the change that makes them does. */
interface Owner {
  readonly person: Person
  /** The imported administrator who becomes the owner; null for somebody new. */
  readonly was: Person | null
  readonly guards: readonly Guard[]
  readonly rows: readonly RowWrite[]
}

/** First run: whoever has the code that the server printed becomes the owner, once. */
export async function setUp(
  context: OperationContext,
  { input, from, who }: Admitted<'workspace.setUp'>,
): Promise<Answer<Output<'workspace.setUp'>>> {
  const { setUp: isDone, epoch } = await context.workspace.look()
  if (isDone) return refusalOf({ code: 'setup_done' })
  const late = await context.rates.setUp(from.address)
  if (late) return late
  if (context.setupCode === null || !sameSecret(input.code.trim(), context.setupCode)) return wrongCode
  const owner = await ownerOf(context, input)
  if (isRefusal(owner)) return owner
  const stamp: Stamp = { by: owner.person.id, at: context.clock.now() }
  return write(
    context.writer,
    async () => {
      const begun = await firstEvents(context, owner, input.workspace, stamp)
      const { session, secret } = context.authentication.begin(owner.person.id, from)
      const device = await rememberDevice(context, owner.person.id, from)
      const rows: RowWrite[] = [...owner.rows, ...begins(session, who), device.row, { row: 'set up' }]
      return {
        change: change({ ...begun, rows }),
        done: async () => {
          await context.workspace.look()
          return { ok: { me: asOneself(owner.person), epoch }, cookie: secret, device: device.cookie }
        },
      }
    },
    usernameTaken,
  )
}

const wrongCode = refuse('wrong_code', 'That is not the set-up code. The server prints it when it starts.', {
  field: 'code',
})

/**
 * Somebody new, or the imported administrator of that name, who shows it by the password they had. Which of both is meant is said, so that a
 * name that was mistyped makes nobody the owner over those who were imported.
 */
async function ownerOf(
  context: OperationContext,
  input: Parsed<'workspace.setUp'>,
): Promise<Owner | Refusal> {
  const was = await context.store.userNamed(foldName(input.username))
  if (input.account === 'imported') return was ? administratorAsOwner(context, was, input) : noSuchAccount
  if (input.account === undefined && (await hasPeople(context.store))) return sayWhich
  if (was) return namedAlready
  const weak = refuseWeak(input.password, [input.username, input.displayName ?? '', input.workspace])
  if (weak) return weak
  const at = context.clock.now()
  const person = newPerson({ ...input, id: newId<UserId>(at), role: 'owner', at })
  const hash = await context.passwords.hash(input.password)
  return { person, was: null, guards: [], rows: [{ row: 'credential', user: person.id, hash }] }
}

/** Whether anybody is there; before there is an owner that is who was imported. */
export async function hasPeople(store: Store): Promise<boolean> {
  const { users } = await store.users({ after: null, limit: 1 })
  return users.length > 0
}

const noSuchAccount = refuse(
  'not_found',
  'No imported account has this username. Check how it is written, or make a new account.',
  { field: 'username' },
)

const sayWhich = invalid(
  'account',
  'People were imported here. Say whose account the owner is: `imported`, with the username and password that they had, or `new`.',
)

const namedAlready = refuse(
  'taken',
  'An imported account has this username. Choose another one, or say that the imported account is meant.',
  { field: 'username' },
)

async function administratorAsOwner(
  context: OperationContext,
  was: Person,
  input: Parsed<'workspace.setUp'>,
): Promise<Owner | Refusal> {
  if (was.role !== 'administrator' || was.state !== 'active')
    return refuse(
      'denied',
      'This imported account was no administrator. Give the username of one who was, or make a new account.',
      { field: 'username' },
    )
  const stored = await context.store.credential(was.id)
  if (stored === null)
    return refuse(
      'denied',
      'This imported account came without a usable password. Take another administrator, or make a new account.',
      { field: 'username' },
    )
  const verdict = await context.passwords.verify(input.password, stored)
  if (!verdict.right)
    return refuse(
      'wrong_password',
      'This administrator has another password. Give the one they had before.',
      {
        field: 'password',
      },
    )
  const rows: RowWrite[] = verdict.stale
    ? [{ row: 'credential', user: was.id, hash: await context.passwords.hash(input.password) }]
    : []
  const person: Person = { ...was, role: 'owner', displayName: input.displayName ?? was.displayName }
  const guards: Guard[] = [
    unchanged(was),
    { if: 'credential', user: was.id, hash: stored, refuse: 'wrong_password' },
  ]
  return { person, was, guards, rows }
}

async function firstEvents(
  context: OperationContext,
  owner: Owner,
  name: string,
  stamp: Stamp,
): Promise<{ appends: Append[]; guards: Guard[] }> {
  const already = await context.store.rooms(owner.person.id, 'all')
  const names = new Set(
    already.rooms.filter(room => room.kind === 'public').map(room => skeletonOf(room.name)),
  )
  const missing = firstRooms.filter(room => !names.has(skeletonOf(room)))
  const people = missing.length === 0 ? [] : await everybody(context)
  const arriving = owner.was
    ? { appends: [ownerChange(owner.person, stamp)], guards: [] }
    : arrival(owner.person, await context.store.roomsForEveryone(), stamp)
  return {
    appends: [
      { topic: 'workspace', event: { e: 'workspace.changed', ...stamp, workspace: { name } } },
      ...arriving.appends,
      ...missing.flatMap(room => firstRoom(room, owner.person.id, people, stamp)),
    ],
    guards: [{ if: 'set-up pending', refuse: 'setup_done' }, ...owner.guards, ...arriving.guards],
  }
}

const ownerChange = (person: Person, stamp: Stamp): Append => ({
  topic: 'workspace',
  event: { e: 'user.changed', ...stamp, user: asEverybodySees(person) },
})

function firstRoom(name: string, owner: UserId, people: readonly UserId[], stamp: Stamp): Append[] {
  const id = newId<RoomId>(stamp.at)
  const others = people.filter(person => person !== owner)
  return [
    ...made(
      { id, kind: 'public', name, topic: '', archived: false, everyone: true, createdAt: stamp.at },
      stamp,
    ),
    ...joins(id, owner, 'manager', stamp),
    ...others.flatMap(person => joins(id, person, 'member', stamp)),
  ]
}

/** Who was imported before there was an owner. */
async function everybody(context: OperationContext): Promise<UserId[]> {
  const found: UserId[] = []
  for (let after: UserId | null = null; ; ) {
    const page: { users: readonly Person[] } = await context.store.users({ after, limit: 500 })
    found.push(...page.users.filter(user => user.state === 'active').map(user => user.id))
    const last = page.users.at(-1)
    if (!last || page.users.length < 500) return found
    after = last.id
  }
}
