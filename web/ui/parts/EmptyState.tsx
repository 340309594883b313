import type { ReactNode } from 'react'
import './EmptyState.css'

/** Nothing here: says what it would be, and what to do next. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  whole = false,
}: {
  icon: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
  /** It is all that the page shows, and its title the page's. */
  whole?: boolean
}) {
  const Title = whole ? 'h1' : 'h2'
  return (
    <div className="empty-state">
      <span className="empty-state-icon">{icon}</span>
      <Title>{title}</Title>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}
