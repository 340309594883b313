import { m } from '../../paraglide/messages.js'
import { Skeleton } from '../parts/Skeleton.tsx'

const shapes = [
  [0.14, 0.62],
  [0.1, 0.4, 0.55],
  [0.17, 0.3],
  [0.12, 0.7, 0.5],
  [0.15, 0.45],
  [0.1, 0.66],
] as const

/** Where messages will stand. */
export function ListSkeleton() {
  return (
    <div className="list-skeleton" role="status" aria-label={m.chat_loading()}>
      {shapes.map(([name, ...lines]) => (
        <div key={name + lines.join()} className="list-skeleton-row">
          <Skeleton round height={36} />
          <div>
            <Skeleton width={name} height={13} />
            {lines.map(width => (
              <Skeleton key={width} width={width} />
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
