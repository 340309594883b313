import { useVirtualizer } from '@tanstack/react-virtual'
import type { AriaAttributes, HTMLAttributes, ReactNode, RefObject } from 'react'
import { useEffect, useRef } from 'react'
import { m } from '../../paraglide/messages.js'
import { GroupBar } from './GroupBar.tsx'
import { groupName } from './group-name.ts'
import type { Cell, PickerPlace, PickerRow } from './picker-rows.ts'
import { cellId } from './picker-rows.ts'

interface EmojiGridProps {
  id: string
  rows: readonly PickerRow[]
  /** Of one emoji, in px; every line is as high. */
  size: number
  columns: number
  at: PickerPlace | null
  searched: boolean
  onPoint: (place: PickerPlace) => void
  onPick: (char: string) => void
}

/** The emoji in lines, of which only those in view stand in the page; above them the groups to jump to. */
export function EmojiGrid(props: EmojiGridProps) {
  const { id, rows, size, columns, at, searched } = props
  const box = useRef<HTMLDivElement>(null)
  const { shown, virtual } = useShownRows(box, rows, size)
  const atRow = at?.row
  useEffect(() => {
    if (atRow !== undefined) virtual.scrollToIndex(atRow <= 1 ? 0 : atRow)
  }, [virtual, atRow])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is searched for anew begins at its best.
  useEffect(() => void box.current?.scrollTo(0, 0), [searched])
  return (
    <>
      {!searched && <GroupBar rows={rows} size={size} box={box} />}
      {rows.length === 0 && (
        <p className="emoji-none" role="status">
          {m.emoji_none()}
        </p>
      )}
      <div ref={box} id={`${id}-grid`} className="emoji-scroll" {...gridOf(rows.length, columns)}>
        <div className="emoji-lines" style={{ height: rows.length * size }}>
          {shown.map(({ index, start }) => (
            <GridRow key={index} {...props} index={index} start={start} />
          ))}
        </div>
      </div>
    </>
  )
}

/** The lines in view. */
function useShownRows(box: RefObject<HTMLDivElement | null>, rows: readonly PickerRow[], size: number) {
  // The virtualizer changes inside while its identity stays: the compiler must not remember what it answered.
  'use no memo'
  const virtual = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => size,
    overscan: 4,
    scrollPaddingEnd: 8,
  })
  return { virtual, shown: virtual.getVirtualItems() }
}

function GridRow({ index, start, ...props }: EmojiGridProps & { index: number; start: number }): ReactNode {
  const { rows, size } = props
  const row = rows[index]
  const style = { transform: `translateY(${start}px)`, height: size }
  return (
    <div {...as('row', { 'aria-rowindex': index + 1 })} className="emoji-row" style={style}>
      {row?.is === 'title' && (
        <div {...as('rowheader')} className="emoji-title">
          {groupName(row.group)}
        </div>
      )}
      {row?.is === 'emoji' &&
        row.cells.map((cell, column) => (
          <div key={cell.emoji.char} {...cellProps(props, cell, { row: index, column })}>
            {cell.char}
          </div>
        ))}
    </div>
  )
}

/** Roles without the focus that goes with them otherwise: the search field keeps it, and says which cell is meant. */
const as = (role: 'grid' | 'row' | 'rowheader', more: AriaAttributes = {}) => ({ role, ...more })

/** A grid without a line would be a fault, to who reads it out. */
const gridOf = (lines: number, columns: number) =>
  lines === 0
    ? { hidden: true }
    : as('grid', { 'aria-label': m.emoji_all(), 'aria-rowcount': lines, 'aria-colcount': columns })

const cellProps = (
  { id, columns, at, onPoint, onPick }: EmojiGridProps,
  { char, emoji }: Cell,
  place: PickerPlace,
): HTMLAttributes<HTMLDivElement> => ({
  id: cellId(id, place),
  role: 'gridcell',
  className: 'emoji-cell',
  'aria-label': emoji.name,
  'aria-selected': at?.row === place.row && at.column === place.column,
  style: { width: `${100 / columns}%` },
  onPointerMove: event => event.pointerType === 'mouse' && onPoint(place),
  onPointerDown: event => event.preventDefault(),
  onClick: () => onPick(char),
})
