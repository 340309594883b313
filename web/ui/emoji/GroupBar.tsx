import { Apple, Clock, Flag, Hash, Lightbulb, PawPrint, Plane, Smile, Trophy, UserRound } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { useEffect, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { moveInToolbar } from '../parts/toolbar.ts'
import { groupName } from './group-name.ts'
import type { PickerGroup, PickerRow } from './picker-rows.ts'

const icons: Readonly<Record<PickerGroup, ReactNode>> = {
  recent: <Clock />,
  smileys: <Smile />,
  people: <UserRound />,
  animals: <PawPrint />,
  food: <Apple />,
  travel: <Plane />,
  activities: <Trophy />,
  objects: <Lightbulb />,
  symbols: <Hash />,
  flags: <Flag />,
}

interface GroupBarProps {
  rows: readonly PickerRow[]
  size: number
  /** What scrolls. */
  box: RefObject<HTMLDivElement | null>
}

/** Jumps to a group, and shows which one is in view. */
export function GroupBar({ rows, size, box }: GroupBarProps) {
  const titles = rows.flatMap((row, n) => (row.is === 'title' ? [{ group: row.group, top: n * size }] : []))
  const top = useScrollTop(box)
  const shown = titles.findLast(title => title.top <= top + size / 2)?.group
  return (
    <div className="emoji-groups" role="toolbar" aria-label={m.emoji_groups()} onKeyDown={moveInToolbar}>
      {titles.map(title => (
        <IconButton
          key={title.group}
          label={groupName(title.group)}
          icon={icons[title.group]}
          aria-current={title.group === shown ? 'true' : undefined}
          tabIndex={title.group === (shown ?? 'recent') ? 0 : -1}
          // Where the search field has the focus it keeps it.
          onPointerDown={event => event.preventDefault()}
          onClick={() => box.current?.scrollTo(0, title.top)}
        />
      ))}
    </div>
  )
}

function useScrollTop(box: RefObject<HTMLDivElement | null>): number {
  const [top, setTop] = useState(0)
  useEffect(() => {
    const element = box.current
    const scrolled = () => setTop(element?.scrollTop ?? 0)
    element?.addEventListener('scroll', scrolled, { passive: true })
    return () => element?.removeEventListener('scroll', scrolled)
  }, [box])
  return top
}
