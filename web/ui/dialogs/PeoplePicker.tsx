import type { KeyboardEvent } from 'react'
import { useId, useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { autofocus } from '../forms/autofocus.ts'
import { SearchField } from '../forms/SearchField.tsx'
import { rank } from '../shell/rank.ts'
import { ChosenPeople, PickablePerson } from './PickedPeople.tsx'
import './PeoplePicker.css'

/** How many are listed at once; who is not among them is found by typing. */
const listed = 50

export interface PeoplePickerProps {
  /** Who can be chosen, in the order to be shown. */
  people: readonly User[]
  chosen: readonly UserId[]
  onChoose: (chosen: readonly UserId[]) => void
  /** Enter was pressed where nothing is typed, nobody pointed at, and somebody chosen. */
  onDone: () => void
  /** Most that can be chosen. */
  max?: number
}

/**
 * Chooses several people (ARIA Authoring Practices, combobox): a search field that keeps the focus, a list that the arrow keys move in,
 * and those who are chosen above.
 */
export function PeoplePicker(props: PeoplePickerProps) {
  const { people, chosen } = props
  const { text, found, shown, active, full, search, point, toggle, keys } = usePicking(props)
  const id = useId()
  return (
    <div className="picker">
      <ChosenPeople people={people} chosen={chosen} onDrop={toggle} />
      <SearchField
        label={m.dialog_people_search()}
        value={text}
        onSearch={search}
        onKeyDown={keys}
        inputRef={autofocus}
        {...combobox(id, active && `${id}-${active.id}`)}
      />
      <div className="picker-list" {...listbox(id)}>
        {shown.map((user, n) => (
          <PickablePerson
            key={user.id}
            id={`${id}-${user.id}`}
            user={user}
            active={user === active}
            chosen={chosen.includes(user.id)}
            full={full}
            onPoint={() => point(n)}
            onPick={() => toggle(user.id)}
          />
        ))}
      </div>
      <p className="picker-foot" role="status">
        {full ? m.dialog_people_most({ max: chosen.length }) : footText(people.length, found.length)}
      </p>
    </div>
  )
}

const listbox = (id: string) =>
  ({
    id: `${id}-list`,
    role: 'listbox',
    'aria-label': m.dialog_people_search(),
    'aria-multiselectable': true,
  }) as const

const combobox = (id: string, active: string | undefined) =>
  ({
    role: 'combobox',
    'aria-expanded': active !== undefined,
    'aria-controls': `${id}-list`,
    'aria-autocomplete': 'list',
    'aria-activedescendant': active,
  }) as const

function footText(people: number, found: number): string {
  if (people === 0) return m.dialog_people_all_in()
  if (found === 0) return m.dialog_people_none()
  return found > listed ? m.dialog_people_more({ count: found - listed }) : ''
}

const searched = (user: User) => [user.displayName, user.username, `${user.firstName} ${user.lastName}`]

/** What was typed, who is found by it, and which of them the keys are at. */
function usePicking({ people, chosen, onChoose, onDone, max = Number.POSITIVE_INFINITY }: PeoplePickerProps) {
  const [text, setText] = useState('')
  const [at, point] = useState(0)
  // Whether the arrows went to somebody, whom Enter then is about.
  const [moved, setMoved] = useState(false)
  const found = rank(people, searched, text, people.length)
  const shown = found.slice(0, listed)
  const full = chosen.length >= max
  const active = shown[Math.min(at, shown.length - 1)]

  const search = (typed: string) => {
    setText(typed)
    point(0)
    setMoved(false)
  }
  const toggle = (user: UserId) => {
    const drops = chosen.includes(user)
    if (full && !drops) return
    onChoose(drops ? chosen.filter(other => other !== user) : [...chosen, user])
    setMoved(false)
    if (text !== '') search('')
  }
  const move = (to: number) => {
    point(to)
    setMoved(true)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    // A key that is held chooses somebody, and does not go on to what Enter does then.
    if (event.key === 'Enter' && event.repeat) return event.preventDefault()
    if (event.key === 'Backspace' && text === '' && chosen.length > 0) return onChoose(chosen.slice(0, -1))
    if (event.key === 'Enter' && text === '' && !moved && chosen.length > 0) onDone()
    else if (event.key === 'Enter' && active) toggle(active.id)
    else if (event.key === 'ArrowDown') move(Math.min(at + 1, shown.length - 1))
    else if (event.key === 'ArrowUp') move(Math.max(at - 1, 0))
    else return
    event.preventDefault()
  }
  return { text, found, shown, active, full, search, point, toggle, keys }
}
