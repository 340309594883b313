import { Plus, Search } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { Dialog } from '../parts/Dialog.tsx'
import { useWatch } from '../people/useWatch.ts'
import { useShow } from './dialogs.ts'
import { rank } from './rank.ts'
import type { Destination } from './useDestinations.tsx'
import { useDestinations } from './useDestinations.tsx'
import './Switcher.css'

const most = 12

/** Goes anywhere by a few letters: rooms, people, commands (ARIA Authoring Practices, combobox with a list). */
export function Switcher({ onClose }: { onClose: () => void }) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const [moved, setMoved] = useState<number | null>(null)
  const list = useChosenInSight()
  const { found, isNone } = useFound(typed)
  // Creating a room is never what Enter does by itself: one goes to it first.
  const at = Math.min(moved ?? (isNone ? -1 : 0), found.length - 1)
  const chosen = found[at]
  useWatch(useEverListed(found))
  const type = (text: string) => {
    setTyped(text)
    setMoved(null)
  }
  const take = (to: Destination) => {
    onClose()
    to.go()
  }
  return (
    <Dialog title={m.shell_jump()} size="wide" bare onClose={onClose}>
      <div className="switcher">
        <Field
          id={id}
          chosen={chosen}
          typed={typed}
          onType={type}
          onStep={step => setMoved(stepped(at, step, found.length))}
          onTake={() => chosen && take(chosen)}
        />
        {isNone && <p className="switcher-none">{m.shell_jump_none({ typed: typed.trim() })}</p>}
        <div ref={list} id={`${id}list`} className="switcher-list" role="listbox" aria-label={m.shell_jump()}>
          {found.map(to => (
            <Option key={to.key} id={id + to.key} selected={to === chosen} to={to} onTake={() => take(to)} />
          ))}
        </div>
      </div>
    </Dialog>
  )
}

/** The list in which what is chosen is kept in sight. */
function useChosenInSight() {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })
  return list
}

/** What fits what was typed; where nothing is called so, a room may be created that is. */
function useFound(typed: string): { found: readonly Destination[]; isNone: boolean } {
  const show = useShow()
  const found = rank(useDestinations(), to => to.names, typed, most)
  const name = typed.trim()
  if (found.length > 0 || name === '') return { found, isNone: found.length === 0 }
  const create: Destination = {
    key: 'create',
    name: m.shell_create_named({ name }),
    names: [],
    hint: m.shell_hint_command(),
    sign: <Plus />,
    go: () => show({ is: 'new-room', name }),
  }
  return { found: [create], isNone: true }
}

/** The people that were listed since it opened, the latest first: who is listed again while one types on is not asked for anew. */
function useEverListed(found: readonly Destination[]): readonly UserId[] {
  const [ever, setEver] = useState<readonly UserId[]>([])
  const added = found.flatMap(({ user }) => (user === undefined || ever.includes(user) ? [] : user))
  if (added.length > 0) setEver([...added, ...ever])
  return ever
}

const stepped = (at: number, step: 1 | -1, of: number) => (at + step + of) % Math.max(1, of)

interface FieldProps {
  id: string
  chosen: Destination | undefined
  typed: string
  onType: (text: string) => void
  onStep: (step: 1 | -1) => void
  onTake: () => void
}

function Field({ id, chosen, typed, onType, onStep, onTake }: FieldProps) {
  const keyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !['Enter', 'ArrowDown', 'ArrowUp'].includes(event.key)) return
    event.preventDefault()
    if (event.key === 'Enter') onTake()
    else onStep(event.key === 'ArrowDown' ? 1 : -1)
  }
  return (
    <div className="switcher-field">
      <Search />
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-activedescendant={chosen && id + chosen.key}
        aria-label={m.shell_jump()}
        placeholder={m.shell_jump_placeholder()}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={event => onType(event.target.value)}
        onKeyDown={keyDown}
      />
    </div>
  )
}

interface OptionProps {
  id: string
  selected: boolean
  to: Destination
  onTake: () => void
}

function Option({ id, selected, to, onTake }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option (aria-activedescendant).
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field takes it.
    <div id={id} className="switcher-option" role="option" aria-selected={selected} onClick={onTake}>
      <span className="switcher-sign">{to.sign}</span>
      <span className="switcher-name" dir="auto">
        {to.name}
      </span>
      {to.hint && (
        <span className="switcher-hint" dir="auto">
          {to.hint}
        </span>
      )}
    </div>
  )
}
