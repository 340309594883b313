import { Check, X } from 'lucide-react'
import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { Avatar } from '../parts/Avatar.tsx'
import { nameOf } from '../people/names.ts'

/** Those who are chosen, each with a way to be dropped again. */
export function ChosenPeople({
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

export interface PickablePersonProps {
  id: string
  user: User
  /** The keys are at it. */
  active: boolean
  chosen: boolean
  /** Nobody else can be chosen. */
  full: boolean
  onPoint: () => void
  onPick: () => void
}

/** One of the list. */
export function PickablePerson({ id, user, active, chosen, full, onPoint, onPick }: PickablePersonProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the search field's, which keeps the focus (ARIA combobox).
    <div
      id={id}
      ref={active ? intoView : null}
      className="picker-person"
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      aria-disabled={(full && !chosen) || undefined}
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

const intoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' })
