import './admin.css'
import { Plus, SearchX } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { byName } from '../dialogs/people.ts'
import { Pager } from '../forms/Pager.tsx'
import { SearchField } from '../forms/SearchField.tsx'
import { SelectField } from '../forms/SelectField.tsx'
import { usePages } from '../forms/usePages.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { formatLocale } from '../time/locale.ts'
import { AccountDialog } from './AccountDialog.tsx'
import { AdminPage } from './AdminPage.tsx'
import { CreateAccountDialog } from './CreateAccountDialog.tsx'
import { PeopleTable } from './PeopleTable.tsx'
import type { PeopleFilter } from './people-filter.ts'
import { filterPeople, peopleFilters } from './people-filter.ts'
import { useEverybody } from './useEverybody.ts'

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

interface PeopleWanted {
  text: string
  filter: PeopleFilter
}

const filterText: Record<PeopleFilter, () => string> = {
  all: m.admin_people_all,
  admins: m.admin_people_admins,
  deactivated: m.admin_people_deactivated,
  passwordless: m.admin_people_passwordless,
  placeholder: m.admin_people_placeholder,
}

/** Who is to be shown. */
function PeopleBar({ wanted, onWant }: { wanted: PeopleWanted; onWant: (wanted: PeopleWanted) => void }) {
  return (
    <div className="admin-bar">
      <SearchField
        label={m.admin_people_search()}
        value={wanted.text}
        onSearch={text => onWant({ ...wanted, text })}
      />
      <SelectField
        label={m.admin_people_filter()}
        bare
        value={wanted.filter}
        choices={peopleFilters.map(value => ({ value, label: filterText[value]() }))}
        onChoose={filter => onWant({ ...wanted, filter })}
      />
    </div>
  )
}
