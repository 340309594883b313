import { Search } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { Dialog } from '../parts/Dialog.tsx'
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
  const found = rank(useDestinations(), to => to.names, typed, most)
  const chosen = found[Math.min(at, found.length - 1)]

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })

  const take = (to: Destination | undefined) => {
    if (!to) return
    onClose()
    to.go()
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      take(chosen)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setAt(now => (Math.min(now, found.length - 1) + step + found.length) % Math.max(1, found.length))
    }
  }

  return (
    <Dialog title={m.shell_jump()} size="wide" bare onClose={onClose}>
      <div className="switcher">
        <div className="switcher-field">
          <Search />
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}list`}
            aria-activedescendant={chosen && `${id}${chosen.key}`}
            aria-label={m.shell_jump()}
            placeholder={m.shell_jump_placeholder()}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={event => {
              setTyped(event.target.value)
              setAt(0)
            }}
            onKeyDown={keyDown}
          />
        </div>
        <div ref={list} id={`${id}list`} className="switcher-list" role="listbox" aria-label={m.shell_jump()}>
          {found.map(to => (
            <Option
              key={to.key}
              id={`${id}${to.key}`}
              selected={to === chosen}
              to={to}
              onTake={() => take(to)}
            >
              {to.sign}
            </Option>
          ))}
        </div>
        {found.length === 0 && <p className="switcher-none">{m.shell_jump_none({ typed: typed.trim() })}</p>}
      </div>
    </Dialog>
  )
}

function Option({
  id,
  selected,
  to,
  onTake,
  children,
}: {
  id: string
  selected: boolean
  to: Destination
  onTake: () => void
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option (aria-activedescendant).
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field takes it.
    <div id={id} className="switcher-option" role="option" aria-selected={selected} onClick={onTake}>
      <span className="switcher-sign">{children}</span>
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
