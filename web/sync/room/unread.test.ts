import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deleted, many, posted, unreadCounted, unreadOf, withMarkerMoved } from './unread.ts'

test('messages of others count one by one, and above 99 as "more"', () => {
  let count = unreadCounted(0, 10)
  for (let seq = 11; seq <= 109; seq++) count = posted(count, seq)
  assert.equal(unreadOf(count), 99)
  for (let seq = 110; seq <= 400; seq++) count = posted(count, seq)
  assert.equal(unreadOf(count), many)
  assert.ok(count.since.length <= many)
  // Having read up to where only a few are left makes the count exact again.
  assert.equal(unreadOf(withMarkerMoved(count, 10, 395, 400)), 5)
  assert.ok(withMarkerMoved(count, 10, 395, 400).sure)
})

test('what was counted already, or deleted twice, does not count again', () => {
  const count = posted(posted(unreadCounted(3, 10), 10), 11)
  assert.equal(unreadOf(count), 4)
  assert.equal(unreadOf(deleted(deleted(count, 11), 11)), 3)
})

test('a count that cannot be known from here says so', () => {
  assert.equal(withMarkerMoved(unreadCounted(5, 20), 10, 15, 20).sure, false)
  assert.equal(withMarkerMoved(unreadCounted(0, 20), 20, 15, 20).sure, false)
  assert.equal(deleted(unreadCounted(many, 20), 15).sure, false)
})

/** `n` is which message goes, or where the marker goes, out of a thousand. */
type Act = { is: 'post' | 'delete' | 'move'; n: number }

test('[F8] a count is exact or says that it is not, whatever happens', () => {
  const act: fc.Arbitrary<Act> = fc.record({
    is: fc.constantFrom('post', 'post', 'post', 'delete', 'move'),
    n: fc.nat(1_000),
  })
  fc.assert(
    fc.property(fc.nat(120), fc.array(act, { maxLength: 400 }), (before, acts) => {
      const there = new Set(Array.from({ length: before }, (_, n) => n + 1))
      let head = before
      let read = 0
      let count = unreadCounted(Math.min(many, before), head)
      for (const next of acts) {
        if (next.is === 'post') {
          there.add(++head)
          count = posted(count, head)
        } else if (next.is === 'delete') {
          const of = [...there][next.n % Math.max(1, there.size)]
          if (of === undefined) continue
          there.delete(of)
          head++
          if (of > read) count = deleted(count, of)
        } else {
          const to = Math.round((next.n / 1_000) * head)
          count = withMarkerMoved(count, read, to, head)
          read = to
        }
        const exact = Math.min(many, [...there].filter(seq => seq > read).length)
        if (count.sure) assert.equal(unreadOf(count), exact)
        else count = unreadCounted(exact, head)
      }
    }),
  )
})
