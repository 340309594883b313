import { Plus, SearchX } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { getLocale } from '../../paraglide/runtime.js'
import { byName } from '../dialogs/people.ts'
import { Pager } from '../forms/Pager.tsx'
import { SearchField } from '../forms/SearchField.tsx'
import { SelectField } from '../forms/SelectField.tsx'
import { usePages } from '../forms/use-pages.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { AccountDialog } from './AccountDialog.tsx'
import { AdminPage } from './AdminPage.tsx'
import { CreateAccountDialog } from './CreateAccountDialog.tsx'
import { PeopleTable } from './PeopleTable.tsx'
import type { PeopleFilter } from './people-filter.ts'
import { filterPeople, peopleFilters } from './people-filter.ts'
import { useEverybody } from './use-everybody.ts'
import './admin.css'

/** `/admin/people`: everybody's accounts. */
export function AdminPeople() {
  const { people, put } = useEverybody()
  const [text, setText] = useState('')
  const [filter, setFilter] = useState<PeopleFilter>('all')
  const [opened, setOpened] = useState<UserId | null>(null)
  const [creating, setCreating] = useState(false)
  const sorted = useMemo(() => [...people].sort(byName), [people])
  const found = filterPeople(sorted, filter, text)
  const paged = usePages(found)
  const person = people.find(user => user.id === opened)
  const figure = new Intl.NumberFormat(getLocale()).format(found.length)
  return (
    <AdminPage
      wide
      action={
        <Button look="primary" size="small" icon={<Plus />} onClick={() => setCreating(true)}>
          {m.admin_people_create()}
        </Button>
      }
    >
      <div className="admin-bar">
        <SearchField
          label={m.admin_people_search()}
          value={text}
          onSearch={typed => {
            setText(typed)
            paged.goTo(0)
          }}
        />
        <SelectField
          label={m.admin_people_filter()}
          bare
          value={filter}
          choices={peopleFilters.map(value => ({ value, label: filterText[value]() }))}
          onChoose={chosen => {
            setFilter(chosen)
            paged.goTo(0)
          }}
        />
      </div>
      {found.length === 0 ? (
        <EmptyState icon={<SearchX />} title={m.admin_people_none()}>
          {m.admin_people_none_says()}
        </EmptyState>
      ) : (
        <PeopleTable people={paged.shown} onOpen={setOpened} />
      )}
      <div className="admin-foot">
        <p role="status">{m.admin_people_count({ count: found.length, shown: figure })}</p>
        <Pager paged={paged} />
      </div>
      {person && <AccountDialog user={person} onChanged={put} onClose={() => setOpened(null)} />}
      {creating && <CreateAccountDialog onMade={put} onClose={() => setCreating(false)} />}
    </AdminPage>
  )
}

const filterText: Record<PeopleFilter, () => string> = {
  all: m.admin_people_all,
  admins: m.admin_people_admins,
  deactivated: m.admin_people_deactivated,
  placeholder: m.admin_people_placeholder,
}
