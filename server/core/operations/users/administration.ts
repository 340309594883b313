import type { Role, User } from '../../../../contract/entities.ts'
import type { UserId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { Output } from '../../../../contract/operations.ts'
import type { Asker } from '../../access.ts'
import {
  isActive,
  isAdministrator,
  mayAdminister,
  mayGiveRoles,
  mayLoseOwner,
  mayTouch,
  unchanged,
} from '../../access.ts'
import type { Answer, Refusal } from '../../answer.ts'
import { isRefusal } from '../../answer.ts'
import { confirmedBy } from '../../authentication/confirmation.ts'
import { refuseWeak } from '../../authentication/passwords.ts'
import { fingerprintOf } from '../../authentication/secrets.ts'
import type { Admitted, NounHandlers } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { stampOf } from '../../context.ts'
import type { Guard, RowWrite } from '../../log/change.ts'
import type { Step } from '../../log/write.ts'
import { change, write } from '../../log/write.ts'
import { notFound, refusalOf, usernameTaken } from '../../refusals.ts'
import { removeAvatarFrom } from './avatars.ts'
import { removeUser } from './deletion.ts'
import type { Person } from './model.ts'
import { arrival, asEverybodySees, headOfPeople, newPerson } from './model.ts'
import { differences, withFields } from './profile.ts'

type Names =
  | 'users.list'
  | 'users.get'
  | 'users.create'
  | 'users.change'
  | 'users.removeAvatar'
  | 'users.remove'

/** People, and their accounts for who administers them. */
export const userHandlers = (context: OperationContext): NounHandlers<Names> => ({
  'users.list': call => list(context, call),
  'users.get': call => get(context, call),
  'users.create': call => create(context, call),
  'users.change': call => changeUser(context, call),
  'users.removeAvatar': call => removeAvatarOf(context, call),
  'users.remove': call => removeUser(context, call),
})

/** E-mail addresses are seen by oneself and by administrators. */
const asSeenBy = ({ me }: Asker, person: Person): User =>
  person.id === me.id || isAdministrator(me) ? { ...person } : asEverybodySees(person)

async function list(
  context: OperationContext,
  { asker, input }: Admitted<'users.list'>,
): Promise<Answer<Output<'users.list'>>> {
  const limit = input.limit ?? limits.usersAPage
  const which = input.ids ? { ids: input.ids } : { after: input.after ?? null, limit: limit + 1 }
  const { users, seq } = await context.store.users(which)
  const page = input.ids ? users : users.slice(0, limit)
  const known = { users: page.map(user => asSeenBy(asker, user)), more: page.length < users.length, seq }
  if (!isAdministrator(asker.me)) return { ok: known }
  return { ok: { ...known, passwordless: [...(await context.store.passwordless(page.map(({ id }) => id)))] } }
}

async function get(
  context: OperationContext,
  { asker, input }: Pick<Admitted<'users.get'>, 'asker' | 'input'>,
): Promise<Answer<Output<'users.get'>>> {
  const { users, seq } = await context.store.users({ ids: [input.id] })
  const user = users[0]
  return user ? { ok: { user: asSeenBy(asker, user), seq } } : notFound
}

const mayCreate = (user: UserId, role: Role): Guard[] => [
  ...mayAdminister(user),
  ...(role === 'member' ? [] : mayGiveRoles(user)),
]

async function create(
  context: OperationContext,
  call: Admitted<'users.create'>,
): Promise<Answer<Output<'users.create'>>> {
  const { who, asker, input } = call
  const { salt } = await context.workspace.fixed()
  const { name } = await context.workspace.look()
  const weak = refuseWeak(input.password, [input.username, input.displayName ?? '', input.email ?? '', name])
  if (weak) return weak
  const role = input.role ?? 'member'
  const hash = await context.passwords.hash(input.password)
  const stamp = stampOf(context, who)
  const person = newPerson({ ...input, role, at: stamp.at })
  const fingerprint = fingerprintOf(salt, [person.username, person.displayName, person.email, role])
  const guards = [...mayCreate(who.user, role), ...confirmedBy(context, 'users.create', call)]
  return write(
    context.writer,
    async () => {
      const arriving = arrival(person, await context.store.roomsForEveryone(), stamp)
      return {
        change: change({
          idempotencyKey: { of: 'user', id: input.id, author: who.user, fingerprint },
          guards: [...guards, ...arriving.guards],
          appends: arriving.appends,
          rows: [{ row: 'credential', user: person.id, hash }],
        }),
        done: outcome =>
          outcome.is === 'done'
            ? { ok: { user: { ...person }, seq: headOfPeople(outcome, 0) } }
            : get(context, { asker, input: { id: input.id } }),
      }
    },
    usernameTaken,
  )
}

/** One's own password goes the way that asks for the current one. */
function refuseOwn({ who, input }: Admitted<'users.change'>): Refusal | null {
  if (input.id !== who.user) return null
  if (input.password !== undefined)
    return refusalOf(
      { code: 'denied', field: 'password' },
      { denied: 'Change your own password from your profile.' },
    )
  return null
}

async function removeAvatarOf(
  context: OperationContext,
  { who, input }: Admitted<'users.removeAvatar'>,
): Promise<Answer<Output<'users.removeAvatar'>>> {
  const { seq } = await context.store.users({ ids: [] })
  const answer = await removeAvatarFrom(context, who, input.id)
  return isRefusal(answer) ? answer : { ok: { user: { ...answer.ok.person }, seq: answer.ok.seq || seq } }
}

async function changeUser(
  context: OperationContext,
  call: Admitted<'users.change'>,
): Promise<Answer<Output<'users.change'>>> {
  const { who, input } = call
  const own = refuseOwn(call)
  if (own) return own
  const hash = await newHash(context, input)
  if (hash !== null && typeof hash !== 'string') return hash
  return write(
    context.writer,
    async (): Promise<Step<Output<'users.change'>>> => {
      const { users, seq } = await context.store.users({ ids: [input.id] })
      const was = users[0]
      if (!was || was.state === 'deleted') return { answer: notFound }
      const person = changed(was, input)
      const rows = keysAfter(was, person, hash)
      return {
        change: change({
          guards: [
            ...conditions(call, was, person),
            ...confirmedBy(context, 'users.change', call),
            unchanged(was),
          ],
          appends: differences(was, person, stampOf(context, who)),
          rows,
        }),
        done: outcome => ({ ok: { user: { ...person }, seq: headOfPeople(outcome, seq) } }),
      }
    },
    usernameTaken,
  )
}

type Changes = Admitted<'users.change'>['input']

const changed = (was: Person, input: Changes): Person => ({
  ...withFields(was, input),
  role: input.role ?? was.role,
  state: input.state ?? was.state,
})

async function newHash(
  context: OperationContext,
  { id, password }: Changes,
): Promise<string | null | Refusal> {
  if (password === undefined) return null
  const target = await context.store.user(id)
  if (!target) return notFound
  const { name } = await context.workspace.look()
  const weak = refuseWeak(password, [target.username, target.displayName, target.email, name])
  return weak ?? context.passwords.hash(password)
}

function conditions({ who, input }: Admitted<'users.change'>, was: Person, person: Person): Guard[] {
  const isOwnerNoMore = was.role === 'owner' && (person.role !== 'owner' || person.state !== 'active')
  return [
    isActive(who.user),
    ...mayTouch(who.user, input.id),
    ...(person.role === was.role ? [] : mayGiveRoles(who.user)),
    ...(isOwnerNoMore ? [mayLoseOwner(was.id)] : []),
  ]
}

/** A new password, and the end of being active, end every session and token. */
function keysAfter({ id }: Person, { state }: Person, hash: string | null): RowWrite[] {
  const credential: RowWrite[] = hash === null ? [] : [{ row: 'credential', user: id, hash }]
  if (hash === null && state === 'active') return credential
  return [...credential, { row: 'sessions ended', user: id }, { row: 'tokens ended', user: id }]
}
