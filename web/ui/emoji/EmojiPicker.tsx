import type { KeyboardEvent } from 'react'
import { useId, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { SearchField } from '../forms/SearchField.tsx'
import { useMedia } from '../shell/media.ts'
import { EmojiGrid } from './EmojiGrid.tsx'
import type { EmojiList } from './emoji-list.ts'
import { PickerFoot } from './PickerFoot.tsx'
import type { PickerPlace } from './picker-rows.ts'
import { cellId, cellsOf, firstPlace, movedTo, pickerRows } from './picker-rows.ts'
import { chooseTone, chosenTone, recentEmoji, rememberEmoji } from './recent-emoji.ts'
import type { SkinTone } from './skin-tone.ts'
import './EmojiPicker.css'

export interface EmojiPickerProps {
  onPick: (char: string) => void
}

/**
 * Picks an emoji (ARIA Authoring Practices, combobox with a grid): a search field that keeps the focus, and a grid by groups in which the arrow
 * keys move. On a touch screen the field waits to be touched: its keyboard would cover the grid.
 */
export function EmojiPicker({ list, onPick }: EmojiPickerProps & { list: EmojiList }) {
  const touch = useMedia('(pointer: coarse)')
  const size = touch ? 44 : 36
  const columns = Math.min(9, Math.floor((Math.min(innerWidth, 376) - 32) / size))
  const picking = usePicking(list, columns, onPick)
  const { rows, at, cell, typed } = picking
  const id = useId()
  return (
    <div className="emoji-picker">
      <SearchField
        label={m.emoji_search()}
        value={typed}
        onSearch={picking.search}
        onKeyDown={picking.keys}
        inputRef={touch ? null : focusNow}
        {...comboboxOf(id, at)}
      />
      <EmojiGrid
        id={id}
        {...{ rows, size, columns, at }}
        searched={typed.trim() !== ''}
        onPoint={picking.point}
        onPick={picking.pick}
      />
      <PickerFoot cell={cell} tone={picking.tone} onTone={picking.choose} />
    </div>
  )
}

/** What was typed, what is found by it, and where the keys are. */
function usePicking(list: EmojiList, columns: number, onPick: (char: string) => void) {
  const [tone, setTone] = useState(chosenTone)
  const [recent] = useState(recentEmoji)
  const [typed, setTyped] = useState('')
  const [moved, point] = useState<PickerPlace | null>(null)
  const rows = pickerRows(list, { typed, recent, tone, columns })
  const at = moved ?? firstPlace(rows)
  const cell = (at && cellsOf(rows[at.row])[at.column]) ?? null
  const pick = (char: string) => {
    rememberEmoji(char)
    onPick(char)
  }
  const search = (text: string) => {
    setTyped(text)
    point(null)
  }
  const choose = (chosen: SkinTone) => {
    chooseTone(chosen)
    setTone(chosen)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !at) return
    // What was typed is changed with the arrows until one goes down into the grid.
    const isInText = typed !== '' && moved === null && /Left|Right/.test(event.key)
    const to = isInText || event.shiftKey ? null : movedTo(rows, at, event.key)
    if (to) point(to)
    else if (event.key === 'Enter' && cell) pick(cell.char)
    else return
    event.preventDefault()
  }
  return { tone, typed, rows, at, cell, point, pick, search, choose, keys }
}

const comboboxOf = (id: string, at: PickerPlace | null) =>
  ({
    role: 'combobox',
    'aria-expanded': at !== null,
    'aria-haspopup': 'grid',
    'aria-controls': `${id}-grid`,
    'aria-autocomplete': 'list',
    'aria-activedescendant': at ? cellId(id, at) : undefined,
  }) as const

/** It stands in a popover that is open already. */
const focusNow = (input: HTMLInputElement | null): void => input?.focus()
