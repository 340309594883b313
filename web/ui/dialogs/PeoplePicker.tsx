import { Check, X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useId, useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { SearchField } from '../forms/SearchField.tsx'
import { startHere } from '../forms/start-here.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { nameOf } from '../people/names.ts'
import { rank } from '../shell/rank.ts'
import './PeoplePicker.css'

/** How many are listed at once; who is not among them is found by typing. */
const listed = 50

export interface PeoplePickerProps {
  /** Who can be chosen, in the order to be shown. */
  people: readonly User[]
  chosen: readonly UserId[]
  onChoose: (chosen: readonly UserId[]) => void
  /** Most that can be chosen. */
  max?: number
}

/** Chooses several people: a search field that keeps the focus, a list that the arrow keys move in, and those who are chosen above. */
export function PeoplePicker({
  people,
  chosen,
  onChoose,
  max = Number.POSITIVE_INFINITY,
}: PeoplePickerProps) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const found = rank(people, searched, text, people.length)
  const shown = found.slice(0, listed)
  const full = chosen.length >= max
  const active = shown[Math.min(at, shown.length - 1)]

  const toggle = (user: UserId) => {
    if (chosen.includes(user)) onChoose(chosen.filter(other => other !== user))
    else if (!full) onChoose([...chosen, user])
    else return
    if (text !== '') {
      setText('')
      setAt(0)
    }
  }
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Backspace' && text === '' && chosen.length > 0) return onChoose(chosen.slice(0, -1))
    if (event.key === 'Enter' && active) toggle(active.id)
    else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, shown.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else return
    event.preventDefault()
  }
  return (
    <div className="picker">
      <Chosen people={people} chosen={chosen} onDrop={toggle} />
      <SearchField
        label={m.dialog_people_search()}
        value={text}
        onSearch={typed => {
          setText(typed)
          setAt(0)
        }}
        onKeyDown={keys}
        inputRef={startHere}
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active && `${id}-${active.id}`}
      />
      <div
        id={`${id}-list`}
        className="picker-list"
        role="listbox"
        aria-label={m.dialog_people_search()}
        aria-multiselectable="true"
      >
        {shown.map((user, n) => (
          <Person
            key={user.id}
            id={`${id}-${user.id}`}
            user={user}
            active={user === active}
            chosen={chosen.includes(user.id)}
            disabled={full && !chosen.includes(user.id)}
            onPoint={() => setAt(n)}
            onPick={() => toggle(user.id)}
          />
        ))}
      </div>
      <p className="picker-foot" role="status">
        {full
          ? m.dialog_people_most({ max })
          : found.length === 0
            ? people.length === 0
              ? m.dialog_people_all_in()
              : m.dialog_people_none()
            : found.length > listed && m.dialog_people_more({ count: found.length - listed })}
      </p>
    </div>
  )
}

const searched = (user: User) => [user.displayName, user.username, `${user.firstName} ${user.lastName}`]

function Chosen({
  people,
  chosen,
  onDrop,
}: {
  people: readonly User[]
  chosen: readonly UserId[]
  onDrop: (user: UserId) => void
}) {
  if (chosen.length === 0) return null
  return (
    <ul className="picker-chosen" aria-label={m.dialog_people_chosen()}>
      {chosen.map(user => {
        const person = people.find(one => one.id === user)
        const name = nameOf(person)
        return (
          <li key={user}>
            <Avatar user={person} size={20} />
            <bdi>{name}</bdi>
            <button type="button" aria-label={m.dialog_people_drop({ name })} onClick={() => onDrop(user)}>
              <X />
            </button>
          </li>
        )
      })}
    </ul>
  )
}

interface PersonProps {
  id: string
  user: User
  active: boolean
  chosen: boolean
  disabled: boolean
  onPoint: () => void
  onPick: () => void
}

function Person({ id, user, active, chosen, disabled, onPoint, onPick }: PersonProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the search field's, which keeps the focus (ARIA combobox).
    <div
      id={id}
      ref={element => {
        if (active) element?.scrollIntoView({ block: 'nearest' })
      }}
      className="picker-person"
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      aria-disabled={disabled || undefined}
      data-active={active ? '' : undefined}
      onPointerMove={onPoint}
      onPointerDown={event => event.preventDefault()}
      onClick={onPick}
    >
      <Avatar user={user} size={28} />
      <span className="picker-names">
        <bdi>{nameOf(user)}</bdi>
        <span>
          <bdi>@{user.username}</bdi>
        </span>
      </span>
      {chosen && <Check aria-hidden="true" />}
    </div>
  )
}
