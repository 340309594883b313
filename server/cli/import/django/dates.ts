const form =
  /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/

/**
 * Microseconds since the Unix epoch of a date as Django writes it to SQLite: `2024-05-01 12:34:56.123456`, where the fraction and, in a
 * naive one, the offset are left out. A naive date is UTC: so Django stores it unless its USE_TZ was switched off. `null` where it is no
 * date. What is before 1970 is 1970, because a time in Confab is never negative.
 */
export function parseDjangoDate(text: string): number | null {
  const found = form.exec(text.trim())
  if (!found) return null
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(part => Number(part ?? 0)) as Six
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const there = new Date(ms)
  // Date.UTC lets the 31st of February run over into March, and takes the years 0 to 99 for 1900 to 1999.
  if (there.getUTCFullYear() !== year || there.getUTCMonth() !== month - 1 || there.getUTCDate() !== day)
    return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const micros = Number((found[7] ?? '').padEnd(6, '0').slice(0, 6))
  return Math.max(0, (ms - offsetMs(found[8])) * 1000 + micros)
}

type Six = [number, number, number, number, number, number]

function offsetMs(offset: string | undefined): number {
  if (!offset || offset === 'Z') return 0
  const digits = offset.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000
}
