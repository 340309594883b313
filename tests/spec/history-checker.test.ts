import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fault, History, Read, Send, Step } from '../support/history-checker.ts'
import { check } from '../support/history-checker.ts'

const send = (id: string, seq: number, at: number, client = 'alice'): Send => ({
  client,
  room: 'general',
  id,
  text: `text of ${id}`,
  invokedAt: at,
  outcome: { is: 'acknowledged', seq, at: at + 1 },
})
const heard = (seq: number, id: string): Step => ({ is: 'event', seq, id, text: `text of ${id}` })
const read = (reader: string, ...ids: [number, string][]): Read => ({
  reader,
  room: 'general',
  messages: ids.map(([seq, id]) => ({ seq, id, text: `text of ${id}` })),
})

const sends = [send('a', 2, 10), send('b', 3, 20, 'bob'), send('c', 4, 30)]
const all: [number, string][] = [
  [2, 'a'],
  [3, 'b'],
  [4, 'c'],
]
const steps: Step[] = [{ is: 'begin', after: 1 }, heard(2, 'a'), heard(3, 'b'), heard(4, 'c')]
const right: History = {
  sends,
  views: [{ client: 'bob', room: 'general', steps }],
  reads: [read('alice', ...all), read('bob', ...all)],
}

const withSteps = (...of: Step[]): History => ({
  ...right,
  views: [{ client: 'bob', room: 'general', steps: of }],
})
const withReads = (...reads: Read[]): History => ({ ...right, reads })

test('the checker finds nothing in a history that kept every promise', () => {
  assert.deepEqual(check(right), [])
})

test('an unknown send may be there once or not at all', () => {
  const unknown: Send = { ...send('d', 0, 40), outcome: { is: 'unknown' } }
  assert.deepEqual(check({ ...right, sends: [...sends, unknown] }), [])
  const there = [...all, [5, 'd'] as [number, string]]
  assert.deepEqual(check({ ...right, sends: [...sends, unknown], reads: [read('alice', ...there)] }), [])
})

test('a reset and a return to a room begin anew without being called a loss', () => {
  assert.deepEqual(check(withSteps({ is: 'begin', after: 0 }, { is: 'reset', head: 3 }, heard(4, 'c'))), [])
  assert.deepEqual(
    check(
      withSteps(
        { is: 'begin', after: 1 },
        heard(2, 'a'),
        { is: 'removed' },
        { is: 'added', head: 3 },
        heard(4, 'c'),
      ),
    ),
    [],
  )
})

const planted: [string, Fault, History][] = [
  ["an acknowledged message is in nobody's history", 'lost', withReads(read('alice', [2, 'a'], [4, 'c']))],
  ['a live event was skipped', 'lost', withSteps({ is: 'begin', after: 1 }, heard(2, 'a'), heard(4, 'c'))],
  ['one id stands twice', 'duplicated', withReads(read('alice', ...all, [5, 'a']))],
  [
    'one event came twice',
    'duplicated',
    withSteps({ is: 'begin', after: 1 }, heard(2, 'a'), heard(2, 'a'), heard(3, 'b')),
  ],
  ['an event came again after a reconnect', 'duplicated', withSteps(...steps, heard(3, 'b'))],
  ['the history is not in order', 'reordered', withReads(read('alice', [3, 'b'], [2, 'a'], [4, 'c']))],
  [
    'an acknowledged seq is another one in the history',
    'reordered',
    withReads(read('alice', [2, 'a'], [3, 'b'], [7, 'c'])),
  ],
  [
    "a sender's later message stands before the earlier",
    'reordered',
    {
      ...right,
      sends: [send('a', 4, 10), sends[1] as Send, send('c', 2, 30)],
      views: [],
      reads: [read('alice', [2, 'c'], [3, 'b'], [4, 'a'])],
    },
  ],
  ['a message is there that nobody sent', 'phantom', withReads(read('alice', ...all, [5, 'x']))],
  [
    'a refused message is there',
    'phantom',
    {
      ...right,
      sends: [...sends, { ...send('d', 0, 40), outcome: { is: 'refused' } }],
      reads: [read('alice', ...all, [5, 'd'])],
    },
  ],
  [
    'a message came with another text',
    'phantom',
    withSteps({ is: 'begin', after: 1 }, { is: 'event', seq: 2, id: 'a', text: 'other' }),
  ],
  ['two readers differ', 'stale', withReads(read('alice', ...all), read('bob', [2, 'a'], [3, 'b']))],
  [
    'what came live stands elsewhere in the history',
    'stale',
    withSteps({ is: 'begin', after: 1 }, heard(2, 'b'), heard(3, 'a'), heard(4, 'c')),
  ],
  [
    'a removed member hears on',
    'unauthorised',
    withSteps({ is: 'begin', after: 1 }, heard(2, 'a'), { is: 'removed' }, heard(3, 'b')),
  ],
]

for (const [what, fault, history] of planted)
  test(`the checker sees it when ${what}`, () => {
    assert.ok(
      check(history).some(finding => finding.fault === fault),
      `expected ${fault}: ${JSON.stringify(check(history))}`,
    )
  })
