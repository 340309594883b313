import { m } from '../../paraglide/messages.js'
import { Skeleton } from '../parts/Skeleton.tsx'
import { ListSkeleton } from '../room/ListSkeleton.tsx'
import { PageSkeleton } from './PageSkeleton.tsx'
import './Shell.css'
import '../room/RoomView.css'

/** The addresses under which messages will stand. */
const isRoom = /^\/(rooms\/|$)/

/** The page before it is known who is there: its panes, with grey shapes where things will stand. */
export function ShellSkeleton() {
  return (
    <div className="shell" aria-busy="true" role="status" aria-label={m.shell_loading()}>
      <div className="shell-side shell-skeleton-side">
        <Skeleton round height={28} />
        <Skeleton height={32} />
        {[0.5, 0.7, 0.4, 0.6, 0.55].map(width => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
      <div className="shell-pane">
        {isRoom.test(location.pathname) ? (
          <>
            <div className="room-header">
              <Skeleton width={0.2} height={16} />
            </div>
            <ListSkeleton />
          </>
        ) : (
          <PageSkeleton />
        )}
      </div>
    </div>
  )
}
