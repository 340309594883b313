import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { counted, deleted, many, moved, posted, unreadOf } from './unread.ts'

test('messages of others count one by one, and above 99 as "more"', () => {
  let count = counted(0, 10)
  for (let seq = 11; seq <= 109; seq++) count = posted(count, seq)
  assert.equal(unreadOf(count), 99)
  for (let seq = 110; seq <= 400; seq++) count = posted(count, seq)
  assert.equal(unreadOf(count), many)
  assert.ok(count.since.length <= many)
  // Having read up to where only a few are left makes the count exact again.
  assert.equal(unreadOf(moved(count, 10, 395, 400)), 5)
  assert.ok(moved(count, 10, 395, 400).sure)
})

test('what was counted already, or deleted twice, does not count again', () => {
  const count = posted(posted(counted(3, 10), 10), 11)
  assert.equal(unreadOf(count), 4)
  assert.equal(unreadOf(deleted(deleted(count, 11), 11)), 3)
})

test('a count that cannot be known from here says so', () => {
  assert.equal(moved(counted(5, 20), 10, 15, 20).sure, false)
  assert.equal(moved(counted(0, 20), 20, 15, 20).sure, false)
  assert.equal(deleted(counted(many, 20), 15).sure, false)
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
      let count = counted(Math.min(many, before), head)
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
          count = moved(count, read, to, head)
          read = to
        }
        const exact = Math.min(many, [...there].filter(seq => seq > read).length)
        if (count.sure) assert.equal(unreadOf(count), exact)
        else count = counted(exact, head)
      }
    }),
  )
})
