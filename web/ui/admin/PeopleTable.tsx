import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { PasswordlessTag, roleText, StateTag } from '../dialogs/PersonTags.tsx'
import { Tag } from '../forms/Tag.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { nameOf } from '../people/names.ts'
import { longDate } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'

/** A page of people; each name opens the account. On a phone the rows are cards. */
export function PeopleTable({
  people,
  passwordless,
  onOpen,
}: {
  people: readonly User[]
  passwordless: ReadonlySet<UserId>
  onOpen: (user: UserId) => void
}) {
  return (
    <table className="admin-table" data-of="people">
      <thead>
        <tr>
          <th scope="col">{m.admin_column_person()}</th>
          <th scope="col">{m.admin_column_email()}</th>
          <th scope="col">{m.admin_column_role()}</th>
          <th scope="col">{m.admin_column_since()}</th>
        </tr>
      </thead>
      <tbody>
        {people.map(user => (
          <tr key={user.id}>
            <th scope="row">
              <Person user={user} passwordless={passwordless.has(user.id)} onOpen={() => onOpen(user.id)} />
            </th>
            <td data-empty={user.email ? undefined : ''}>
              <bdi>{user.email}</bdi>
            </td>
            <td>
              {user.role === 'member' ? roleText(user.role) : <Tag look="accent">{roleText(user.role)}</Tag>}
            </td>
            <td className="admin-faint">{longDate(user.createdAt, formatLocale())}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Person({ user, passwordless, onOpen }: { user: User; passwordless: boolean; onOpen: () => void }) {
  const isMe = useSelect(snapshot => snapshot.me.id === user.id)
  const name = nameOf(user)
  return (
    <span className="admin-name">
      <Avatar user={user} size={28} />
      <span className="admin-words">
        <span>
          <button type="button" aria-label={m.admin_person_open({ name })} onClick={onOpen}>
            <bdi>{name}</bdi>
          </button>
          {isMe && <Tag>{m.admin_person_you()}</Tag>}
          <StateTag state={user.state} />
          {passwordless && <PasswordlessTag />}
        </span>
        <span className="admin-faint">
          <bdi>@{user.username}</bdi>
        </span>
      </span>
    </span>
  )
}
