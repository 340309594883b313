import { Skeleton } from '../parts/Skeleton.tsx'
import './Rows.css'

/** Where the rows of a list will stand. */
export function RowSkeletons({ rows }: { rows: number }) {
  return (
    <ul className="rows" aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing tells these apart.
        <li key={row}>
          <Skeleton round height={28} />
          <div className="row-words">
            <Skeleton width={0.35} />
            <Skeleton width={0.6} height={11} />
          </div>
        </li>
      ))}
    </ul>
  )
}
