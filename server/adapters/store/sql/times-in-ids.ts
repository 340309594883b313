/** The ms since 1970 that a UUIDv7 has room for (RFC 9562, section 5.7), which any other UUID has some number in the place of. */
export const mostTime = 2 ** 48 - 1

/** The time that an id begins with, Unix ms: whoever made the id says so. */
export const timeIn = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** What the ids of a time begin with: no id of an earlier time is greater. */
export function startOfIds(time: number): string {
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

/** How far the time in an id may be from when it was written, ms: clocks of devices differ, and what waited for a connection comes late. */
export const misdatedMs = 60_000

/** Whether an id does not tell when it was written. */
export const isMisdated = (id: string, at: number): boolean => Math.abs(timeIn(id) - at) > misdatedMs
