/** Times as people read them, in the language and zone of who reads. All instants are milliseconds since the epoch. */

const kept = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${name}`
  const made = kept.get(key) ?? new Intl.DateTimeFormat(locale, options)
  kept.set(key, made)
  return made
}

/** "17:02", or "5:02 PM" where the language has it so. */
export const clockTime = (at: number, locale: string): string => clock(locale).format(at)

const clock = (locale: string) => formatter(locale, 'clock', { hour: 'numeric', minute: '2-digit' })

/** The same where there is little room: "5:02", without "PM". */
export const shortClockTime = (at: number, locale: string): string =>
  clock(locale)
    .formatToParts(at)
    .filter(part => part.type !== 'dayPeriod')
    .map(part => part.value)
    .join('')
    .trim()

/** "Friday, 20 November 2026 at 17:02:31". */
export const fullTime = (at: number, locale: string): string =>
  formatter(locale, 'full', { dateStyle: 'full', timeStyle: 'medium' }).format(at)

/** "20 November 2026". */
export const longDate = (at: number, locale: string): string =>
  formatter(locale, 'date', { dateStyle: 'long' }).format(at)

/** Which day of the reader's calendar: equal for two instants of one day, larger for later days. */
export function dayOf(at: number): number {
  const date = new Date(at)
  return date.getFullYear() * 10_000 + date.getMonth() * 100 + date.getDate()
}

/** "today" and "yesterday" as the language says them; else "Friday, 20 November", with the year where it is not this one. */
export function dayLabel(at: number, now: number, locale: string): string {
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  if (dayOf(at) === dayOf(now)) return relativeDay(0, locale)
  if (dayOf(at) === dayOf(yesterday.getTime())) return relativeDay(-1, locale)
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const day: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' }
  return sameYear
    ? formatter(locale, 'day', day).format(at)
    : formatter(locale, 'day and year', { ...day, year: 'numeric' }).format(at)
}

function relativeDay(days: number, locale: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
  return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1)
}

/** Milliseconds until the reader's next midnight, when day labels change. */
export function untilMidnight(now: number): number {
  const next = new Date(now)
  next.setHours(24, 0, 0, 0)
  return next.getTime() - now
}
