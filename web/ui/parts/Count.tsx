import { limits } from '../../../contract/limits.ts'
import './Count.css'

/** How many are unread: exact up to 99, then "99+". `label` is the same in words. */
export function Count({ of, label }: { of: number; label: string }) {
  return (
    <span className="count">
      <span aria-hidden="true">{of > limits.unreadShown ? `${limits.unreadShown}+` : of}</span>
      <span className="unseen">{label}</span>
    </span>
  )
}
