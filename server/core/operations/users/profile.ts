import { isDeepStrictEqual } from 'node:util'
import type { Output } from '../../../../contract/operations.ts'
import { isActive, unchanged } from '../../access.ts'
import type { Answer } from '../../answer.ts'
import { isRefusal } from '../../answer.ts'
import { confirmedBy } from '../../authentication/confirmation.ts'
import type { Admitted, NounHandlers } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { stampOf } from '../../context.ts'
import type { Append } from '../../log/change.ts'
import { change, write } from '../../log/write.ts'
import { usernameTaken } from '../../refusals.ts'
import { removeAvatar, setAvatar } from './avatars.ts'
import { removeMe } from './deletion.ts'
import type { Person, Stamp } from './model.ts'
import { asEverybodySees, asOneself, emailChange, headOfPeople } from './model.ts'
import { changePassword, confirm } from './password.ts'

type Names =
  | 'me.get'
  | 'me.change'
  | 'me.remove'
  | 'me.setAvatar'
  | 'me.removeAvatar'
  | 'me.changePassword'
  | 'me.confirm'

/** Oneself. */
export const profileHandlers = (context: OperationContext): NounHandlers<Names> => ({
  'me.get': call => get(context, call),
  'me.change': call => changeMe(context, call),
  'me.remove': call => removeMe(context, call),
  'me.setAvatar': call => setAvatar(context, call),
  'me.removeAvatar': call => removeAvatar(context, call),
  'me.changePassword': call => changePassword(context, call),
  'me.confirm': call => confirm(context, call),
})

async function get(
  context: OperationContext,
  { asker }: Pick<Admitted<'me.get'>, 'asker'>,
): Promise<Answer<Output<'me.get'>>> {
  const { users, seq } = await context.store.users({ ids: [asker.me.id] })
  return { ok: { me: asOneself(users[0] ?? asker.me), seq } }
}

async function changeMe(
  context: OperationContext,
  call: Admitted<'me.change'>,
): Promise<Answer<Output<'me.change'>>> {
  const { who, input } = call
  return write(
    context.writer,
    async () => {
      const asker = await context.access.asker(who)
      if (isRefusal(asker)) return { answer: asker }
      const person = withFields(asker.me, input)
      const appends = differences(asker.me, person, stampOf(context, who))
      if (appends.length === 0) return { answer: await get(context, { asker }) }
      const { seq } = await context.store.users({ ids: [] })
      return {
        change: change({
          guards: [isActive(who.user), unchanged(asker.me), ...confirmedBy(context, 'me.change', call)],
          appends,
        }),
        done: outcome => ({ ok: { me: asOneself(person), seq: headOfPeople(outcome, seq) } }),
      }
    },
    usernameTaken,
  )
}

type Profile = Partial<
  Pick<Person, 'username' | 'displayName' | 'firstName' | 'lastName' | 'status' | 'email'>
>

/** The person with the fields that are given. */
export function withFields(
  person: Person,
  fields: { [Name in keyof Profile]: Person[Name] | undefined },
): Person {
  return {
    ...person,
    username: fields.username ?? person.username,
    displayName: fields.displayName ?? person.displayName,
    firstName: fields.firstName ?? person.firstName,
    lastName: fields.lastName ?? person.lastName,
    status: fields.status ?? person.status,
    email: fields.email ?? person.email,
  }
}

/** What is to be told of a changed person: to everybody, and the e-mail address to themselves. Nothing where nothing differs. */
export function differences(was: Person, person: Person, stamp: Stamp): Append[] {
  const user = asEverybodySees(person)
  const changes: Append[] = isDeepStrictEqual(user, asEverybodySees(was))
    ? []
    : [{ topic: 'workspace', event: { e: 'user.changed', ...stamp, user } }]
  return [...changes, ...emailChange(person, was.email, stamp)]
}
