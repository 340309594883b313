import type { KeyboardEvent, ReactNode, Ref, ToggleEvent } from 'react'
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { IconButton } from './IconButton.tsx'
import { placeBeside } from './place.ts'
import './Menu.css'

export interface MenuItem {
  label: string
  icon?: ReactNode
  /** Destroys something. */
  danger?: boolean
  act: () => void
}

export interface MenuProps {
  /** What the button and its menu are. */
  label: string
  icon: ReactNode
  /** `null` draws a line between groups. */
  items: readonly (MenuItem | null)[]
  align?: 'start' | 'end'
  /** Told when the menu opens and closes. */
  onToggle?: (open: boolean) => void
}

/** A button with a menu (ARIA Authoring Practices, menu button): arrows move, Home and End jump, Escape and a press outside close. */
export function Menu({ label, icon, items, align = 'end', onToggle }: MenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useOpening(() => openAt(menu.current, button.current, align))
  const toggled = ({ target, newState }: ToggleEvent) => {
    // React hands on what happens to a popover within.
    if (target !== menu.current) return
    setOpen(newState === 'open')
    onToggle?.(newState === 'open')
  }
  return (
    <>
      <IconButton
        ref={button}
        label={label}
        icon={icon}
        aria-haspopup="menu"
        aria-expanded={open}
        popoverTarget={id}
      />
      <div
        ref={menu}
        id={id}
        className="menu"
        popover="auto"
        role="menu"
        aria-label={label}
        onToggle={toggled}
        onKeyDown={moveFocus}
      >
        {open && <MenuItems items={items} done={() => menu.current?.hidePopover()} />}
      </div>
    </>
  )
}

/** Whether it is open. Each opening is done once the items are there: closed and opened again at once is one event, "open", and an opening too. */
function useOpening(opened: () => void): [open: boolean, set: (open: boolean) => void] {
  const [openings, setOpenings] = useState(0)
  const onOpened = useEffectEvent(opened)
  useEffect(() => {
    if (openings > 0) onOpened()
  }, [openings])
  return [openings > 0, open => setOpenings(before => (open ? before + 1 : 0))]
}

function openAt(menu: HTMLElement | null, button: HTMLElement | null, align: 'start' | 'end'): void {
  if (!menu || !button) return
  placeBeside(menu, button, align)
  menu.querySelector<HTMLElement>('[role="menuitem"]')?.focus()
}

interface MenuItemsProps {
  items: readonly (MenuItem | null)[]
  done: () => void
  /** Of the first item. */
  first?: Ref<HTMLButtonElement>
}

/** The items alone, for what opens them otherwise. */
export function MenuItems({ items, done, first }: MenuItemsProps) {
  return items.map((item, n) =>
    item === null ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing but its place.
      <hr key={`line ${n}`} />
    ) : (
      <button
        key={item.label}
        ref={n === 0 ? first : undefined}
        type="button"
        role="menuitem"
        tabIndex={-1}
        className="menu-item"
        data-danger={item.danger ? '' : undefined}
        onClick={() => {
          done()
          item.act()
        }}
      >
        {item.icon}
        {item.label}
      </button>
    ),
  )
}

/** Arrows, Home and End among the items of a menu. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  event.stopPropagation()
  items[(to + items.length) % items.length]?.focus()
}
