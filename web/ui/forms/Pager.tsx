import { ChevronLeft, ChevronRight } from 'lucide-react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { formatLocale } from '../time/locale.ts'
import type { Paged } from './usePages.ts'
import './Pager.css'

/** Turns the pages of a long list; nothing where it has one page only. */
export function Pager({ paged }: { paged: Paged<unknown> }) {
  const { from, shown, all, goTo, page, pages } = paged
  if (pages <= 1) return null
  const figure = (n: number) => new Intl.NumberFormat(formatLocale()).format(n)
  return (
    <nav className="pager" aria-label={m.form_page_nav()}>
      <span role="status">
        {m.form_page_of({ from: figure(from + 1), to: figure(from + shown.length), all: figure(all) })}
      </span>
      <IconButton
        label={m.form_page_before()}
        icon={<ChevronLeft />}
        disabled={page === 0}
        onClick={() => goTo(page - 1)}
      />
      <IconButton
        label={m.form_page_after()}
        icon={<ChevronRight />}
        disabled={page === pages - 1}
        onClick={() => goTo(page + 1)}
      />
    </nav>
  )
}
