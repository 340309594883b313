import { m } from '../../paraglide/messages.js'
import { getLocale } from '../../paraglide/runtime.js'
import { dayLabel } from '../time/format.ts'
import { useToday } from '../time/useNow.ts'

/** Where a day begins. */
export function DayLine({ at }: { at: number }) {
  const now = useToday()
  return <div className="day-line">{dayLabel(at, now, getLocale())}</div>
}

/** Where one left off. */
export function NewLine() {
  return (
    <div className="day-line" data-new="">
      {m.chat_new()}
    </div>
  )
}
