import { m } from '../../paraglide/messages.js'
import { dayLabel } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import { useToday } from '../time/useNow.ts'

/** Where a day begins. */
export function DayLine({ at }: { at: number }) {
  const now = useToday()
  return <div className="day-line">{dayLabel(at, now, formatLocale())}</div>
}

/** Where one left off. */
export function UnreadDividerLine() {
  return (
    <div className="day-line" data-new="">
      {m.chat_new()}
    </div>
  )
}
