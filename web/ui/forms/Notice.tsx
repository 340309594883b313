import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import './Notice.css'

const icons = { info: Info, success: CircleCheck, warning: TriangleAlert, danger: CircleAlert }

/** A sentence in a box, for what must not be overlooked. `announce`: it came just now, and a screen reader says it. */
export function Notice({
  look,
  announce = false,
  children,
}: {
  look: keyof typeof icons
  announce?: boolean
  children: ReactNode
}) {
  const Icon = icons[look]
  return (
    <div className="notice" data-look={look} role={announce ? 'alert' : undefined}>
      <Icon aria-hidden="true" />
      <div>{children}</div>
    </div>
  )
}
