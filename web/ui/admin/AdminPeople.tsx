import { Plus, SearchX } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { byName } from '../dialogs/people.ts'
import { Pager } from '../forms/Pager.tsx'
import { usePages } from '../forms/usePages.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { formatLocale } from '../time/locale.ts'
import { AccountDialog } from './AccountDialog.tsx'
import { AdminPage } from './AdminPage.tsx'
import { CreateAccountDialog } from './CreateAccountDialog.tsx'
import type { PeopleWanted } from './PeopleBar.tsx'
import { PeopleBar } from './PeopleBar.tsx'
import { PeopleTable } from './PeopleTable.tsx'
import { filterPeople } from './people-filter.ts'
import { useEverybody } from './useEverybody.ts'
import './admin.css'

/** `/admin/people`: everybody's accounts. */
export function AdminPeople() {
  const { people, passwordless, put, gavePassword } = useEverybody()
  const [opened, setOpened] = useState<UserId | null>(null)
  const [creating, setCreating] = useState(false)
  const person = people.find(user => user.id === opened)
  const create = (
    <Button look="primary" size="small" icon={<Plus />} onClick={() => setCreating(true)}>
      {m.admin_people_create()}
    </Button>
  )
  return (
    <AdminPage wide action={create}>
      <PeopleList people={people} passwordless={passwordless} onOpen={setOpened} />
      {person && (
        <AccountDialog
          user={person}
          passwordless={passwordless.has(person.id)}
          onChanged={put}
          onPassword={() => gavePassword(person.id)}
          onClose={() => setOpened(null)}
        />
      )}
      {creating && <CreateAccountDialog onMade={put} onClose={() => setCreating(false)} />}
    </AdminPage>
  )
}

function PeopleList({
  people,
  passwordless,
  onOpen,
}: {
  people: readonly User[]
  passwordless: ReadonlySet<UserId>
  onOpen: (user: UserId) => void
}) {
  const [wanted, setWanted] = useState<PeopleWanted>({ text: '', filter: 'all' })
  const sorted = useMemo(() => [...people].sort(byName), [people])
  const found = filterPeople(sorted, { ...wanted, passwordless })
  const paged = usePages(found)
  const shown = new Intl.NumberFormat(formatLocale()).format(found.length)
  return (
    <>
      <PeopleBar
        wanted={wanted}
        onWant={now => {
          setWanted(now)
          paged.goTo(0)
        }}
      />
      {found.length === 0 ? (
        <EmptyState icon={<SearchX />} title={m.admin_people_none()}>
          {m.admin_people_none_says()}
        </EmptyState>
      ) : (
        <PeopleTable people={paged.shown} passwordless={passwordless} onOpen={onOpen} />
      )}
      <div className="admin-foot">
        <p role="status">{m.admin_people_count({ count: found.length, shown })}</p>
        <Pager paged={paged} />
      </div>
    </>
  )
}
