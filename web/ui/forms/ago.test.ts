import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agoText } from './ago.ts'

const minute = 60_000
const day = 86_400_000

test('alice reads how long ago her sessions were used, in her language', () => {
  const now = 1_800_000_000_000
  const ago = (ms: number) => agoText(now - ms, now, 'en')
  assert.equal(ago(0), 'now')
  assert.equal(ago(-5 * minute), 'now', 'a clock ahead of ours is not the future')
  assert.equal(ago(minute), '1 minute ago')
  assert.equal(ago(119 * minute), '1 hour ago')
  assert.equal(ago(day), 'yesterday')
  assert.equal(ago(29 * day), '29 days ago')
  assert.equal(ago(365 * day), 'last year')
  assert.equal(agoText(now - 3 * day, now, 'de'), 'vor 3 Tagen')
})
