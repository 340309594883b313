import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId } from 'react'
import { Link, useRoute } from 'wouter'
import { m } from '../../paraglide/messages.js'
import './PagePane.css'

/** A page in the place of the conversation: a head as high as a room's, and one column under it. */
export function PagePane({
  title,
  tabs,
  action,
  wide = false,
  children,
}: {
  title: string
  tabs?: ReactNode
  /** What one comes for, at the end of the head. */
  action?: ReactNode
  /** For tables. */
  wide?: boolean
  children: ReactNode
}) {
  return (
    <div className="page">
      <header className="page-head">
        <Link href="/" className="page-back" aria-label={m.form_back()}>
          <ChevronLeft />
        </Link>
        <h1>{title}</h1>
        {tabs}
        {action && <div className="page-action">{action}</div>}
      </header>
      <div className="page-scroll">
        <div className="page-column" data-wide={wide ? '' : undefined}>
          {children}
        </div>
      </div>
    </div>
  )
}

/** Links between pages that belong together. */
export function PageTabs({
  label,
  tabs,
}: {
  label: string
  tabs: readonly { href: string; label: string }[]
}) {
  return (
    <nav className="page-tabs" aria-label={label}>
      {tabs.map(tab => (
        <PageTab key={tab.href} {...tab} />
      ))}
    </nav>
  )
}

function PageTab({ href, label }: { href: string; label: string }) {
  return (
    <Link href={href} className="page-tab" aria-current={useRoute(`${href}/*?`)[0] ? 'page' : undefined}>
      {label}
    </Link>
  )
}

/** One subject of a page: its title, a sentence, and a card. */
export function Section({
  title,
  says,
  action,
  danger = false,
  children,
}: {
  title: string
  says?: ReactNode
  action?: ReactNode
  danger?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <section className="section" aria-labelledby={id} data-danger={danger ? '' : undefined}>
      <header className="section-head">
        <div>
          <h2 id={id}>{title}</h2>
          {says && <p>{says}</p>}
        </div>
        {action}
      </header>
      <div className="section-card">{children}</div>
    </section>
  )
}
