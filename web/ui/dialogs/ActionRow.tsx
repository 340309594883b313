import type { ReactNode } from 'react'
import '../forms/Rows.css'
import './dialogs.css'

/** One thing that can be done, what it means, and the control that does it. Stands in a list of class `acts`. */
export function ActionRow({
  title,
  says,
  children,
}: {
  title: string
  says: ReactNode
  children: ReactNode
}) {
  return (
    <li>
      <div className="row-words">
        <span>{title}</span>
        <span>{says}</span>
      </div>
      {children}
    </li>
  )
}
