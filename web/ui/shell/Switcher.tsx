import { Plus, Search } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { Dialog } from '../parts/Dialog.tsx'
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
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const { found, isNone } = useFound(typed)
  const chosen = found[Math.min(at, found.length - 1)]
  const take = (to: Destination | undefined) => {
    if (!to) return
    onClose()
    to.go()
  }
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })
  return (
    <Dialog title={m.shell_jump()} size="wide" bare onClose={onClose}>
      <div className="switcher">
        <Field
          id={id}
          chosen={chosen}
          typed={typed}
          onType={text => {
            setTyped(text)
            setAt(0)
          }}
          onStep={step => setAt(now => stepped(Math.min(now, found.length - 1), step, found.length))}
          onTake={() => take(chosen)}
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
