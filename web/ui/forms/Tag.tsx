import type { ReactNode } from 'react'
import './Tag.css'

/** A word beside a name: a role, a state. */
export function Tag({ look, children }: { look?: 'good' | 'warning' | 'accent'; children: ReactNode }) {
  return (
    <span className="word-tag" data-look={look}>
      {children}
    </span>
  )
}
