import { useEffect, useState } from 'react'
import { untilMidnight } from './format.ts'

/** The time when this was rendered, renewed at every midnight, so that "today" stays true on a page that is left open. */
export function useToday(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), untilMidnight(now) + 1_000)
    return () => clearTimeout(timer)
  }, [now])
  return now
}
