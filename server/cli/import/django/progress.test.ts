import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressBar } from './progress.ts'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { written, isTTY, write: (text: string) => written.push(text) }
}

test('on a terminal a long import shows how far it is, redrawn ten times a second at most, and leaves no trace', () => {
  const out = terminal(true)
  let now = 0
  const bar = progressBar(out, { total: 100_000, what: 'messages' }, () => now)
  for (const [ms, count] of [
    [0, 4_000],
    [50, 8_000],
    [200, 50_000],
    [400, 100_000],
  ] as const) {
    now = ms
    bar.done(count)
  }
  bar.end()
  assert.equal(out.written.length, 4)
  assert.match(out.written[1] ?? '', /^\r█{15}░{15} 50 % {2}50,000 of 100,000 messages$/)
  assert.match(out.written[2] ?? '', /█{30} 100 %/)
  assert.equal(out.written[3], '\r\u001b[K')
})

test('where nobody looks, or it is over at once, nothing is drawn', () => {
  for (const [isTTY, total] of [
    [false, 100_000],
    [true, 100],
  ] as const) {
    const out = terminal(isTTY)
    const bar = progressBar(out, { total, what: 'messages' })
    bar.done(10)
    bar.end()
    assert.deepEqual(out.written, [])
  }
})
