const steps: readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [365 * 86_400, 'year'],
  [30 * 86_400, 'month'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
]

/** How long ago, in words: "2 hours ago", "yesterday", "now" under a minute. Both in ms since the epoch. */
export function agoText(at: number, now: number, locale: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const seconds = Math.max(0, (now - at) / 1000)
  const [length, unit] = steps.find(([length]) => seconds >= length) ?? [1, 'second' as const]
  return words.format(unit === 'second' ? 0 : -Math.floor(seconds / length), unit)
}
