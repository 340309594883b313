import { m } from '../../paraglide/messages.js'
import { SearchField } from '../forms/SearchField.tsx'
import { SelectField } from '../forms/SelectField.tsx'
import type { PeopleFilter } from './people-filter.ts'
import { peopleFilters } from './people-filter.ts'

export interface PeopleWanted {
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
export function PeopleBar({
  wanted,
  onWant,
}: {
  wanted: PeopleWanted
  onWant: (wanted: PeopleWanted) => void
}) {
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
