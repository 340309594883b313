import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { getLocale } from '../../paraglide/runtime.js'
import { useSelect } from '../client.tsx'
import { roleText, StateTag } from '../dialogs/PersonTags.tsx'
import { Tag } from '../forms/Tag.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { nameOf } from '../people/names.ts'
import { longDate } from '../time/format.ts'

/** A page of people; each name opens the account. On a phone the rows are cards. */
export function PeopleTable({ people, onOpen }: { people: readonly User[]; onOpen: (user: UserId) => void }) {
  const me = useSelect(snapshot => snapshot.me.id)
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
              <span className="admin-name">
                <Avatar user={user} size={28} />
                <span className="admin-words">
                  <span>
                    <button
                      type="button"
                      aria-label={m.admin_person_open({ name: nameOf(user) })}
                      onClick={() => onOpen(user.id)}
                    >
                      <bdi>{nameOf(user)}</bdi>
                    </button>
                    {user.id === me && <Tag>{m.admin_person_you()}</Tag>}
                    <StateTag state={user.state} />
                  </span>
                  <span className="admin-faint">
                    <bdi>@{user.username}</bdi>
                  </span>
                </span>
              </span>
            </th>
            <td data-empty={user.email ? undefined : ''}>
              <bdi>{user.email}</bdi>
            </td>
            <td>
              {user.role === 'member' ? roleText(user.role) : <Tag look="accent">{roleText(user.role)}</Tag>}
            </td>
            <td className="admin-faint">{longDate(user.createdAt, getLocale())}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
