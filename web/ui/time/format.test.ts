import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayLabel, dayOf, fullTime, shortClockTime, untilMidnight } from './format.ts'

const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime()
const now = at(2026, 10, 20, 15)

test('alice reads today and yesterday in her language', () => {
  assert.equal(dayLabel(at(2026, 10, 20, 0, 1), now, 'en'), 'Today')
  assert.equal(dayLabel(at(2026, 10, 19, 23, 59), now, 'de'), 'Gestern')
})

test('a day further back has its date, and its year where it is another one', () => {
  assert.equal(dayLabel(at(2026, 10, 13), now, 'en-GB'), 'Friday 13 November')
  assert.match(dayLabel(at(2025, 10, 13), now, 'de'), /13\. November 2025/)
})

test('yesterday is the day before also across a change of the clock or of the year', () => {
  assert.equal(dayLabel(at(2025, 11, 31, 12), at(2026, 0, 1, 12), 'en'), 'Yesterday')
  assert.ok(dayOf(at(2026, 0, 1)) > dayOf(at(2025, 11, 31)))
})

test('the page knows when its day ends', () => {
  assert.equal(untilMidnight(at(2026, 10, 20, 23, 59)), 60_000)
})

test('the full time says all of it', () => {
  assert.match(fullTime(now, 'en'), /Friday, November 20, 2026.*3:00:00/)
})

test('beside a message the time is five characters at most, in languages with twelve hours too', () => {
  const late = at(2026, 10, 20, 22, 59)
  const times = ['en-US', 'en-AU', 'hi', 'ko', 'zh-TW', 'en-GB', 'de', 'ja'].map(locale =>
    shortClockTime(late, locale),
  )
  assert.deepEqual(times, ['10:59', '10:59', '10:59', '10:59', '10:59', '22:59', '22:59', '22:59'])
})
