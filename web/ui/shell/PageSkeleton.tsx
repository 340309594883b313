import { m } from '../../paraglide/messages.js'
import { Skeleton } from '../parts/Skeleton.tsx'
import '../room/RoomView.css'
import './Shell.css'

/** Where a page of settings or of a list will stand. */
export function PageSkeleton() {
  return (
    <div className="page-skeleton" role="status" aria-label={m.shell_loading()}>
      <div className="room-header">
        <Skeleton width={0.2} height={16} />
      </div>
      <div className="page-skeleton-column">
        <Skeleton height={36} />
        {[0.3, 0.45, 0.25, 0.4, 0.35].map(width => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
    </div>
  )
}
