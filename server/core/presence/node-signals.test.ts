import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { joinedBuses } from '../../../tests/support/joined-bus.ts'
import { silent } from '../../../tests/support/silent-log.ts'
import type { Bus } from '../ports/bus.ts'
import type { NodeSignal } from './node-signals.ts'
import { NodeSignals, readSignal } from './node-signals.ts'

const user = newId<UserId>()
const all: NodeSignal[] = [
  { s: 'typing', room: newId<RoomId>(), user },
  { s: 'moved', came: [user], went: [] },
  { s: 'everybody', part: 1, of: 2, users: [user] },
  { s: 'who' },
  { s: 'ends' },
  { s: 'taken', taken: [{ user, posts: 3, changes: 0, pictures: 1 }] },
]

test('every signal is read as it was said', () => {
  for (const signal of all) assert.deepEqual(readSignal(JSON.stringify(signal)), signal)
})

test('what is no signal, or nearly one, is none', () => {
  const wrong = [
    '',
    'null',
    '[]',
    '"who"',
    '{',
    '{"s":"constructor"}',
    '{"s":"__proto__"}',
    '{"s":["who"]}',
    '{"s":"who","more":1}',
    '{"s":"typing"}',
    JSON.stringify({ s: 'typing', room: 'x', user }),
    JSON.stringify({ s: 'moved', came: [user, 7], went: [] }),
    JSON.stringify({ s: 'everybody', part: 1.5, of: 2, users: [] }),
    JSON.stringify({ s: 'everybody', part: -1, of: 2, users: [] }),
    JSON.stringify({ s: 'taken', taken: [{ user, posts: 1e300, changes: 0, pictures: 0 }] }),
    JSON.stringify({ s: 'taken', taken: [{ user, posts: 1, changes: 0 }] }),
    JSON.stringify({ s: 'taken', taken: [null] }),
  ]
  for (const text of wrong) assert.equal(readSignal(text), null, text)
})

test('a node that says nonsense is logged once and not heard, and is heard when it makes sense again', async () => {
  const [a, b] = joinedBuses(2) as [Bus, Bus]
  const logged: object[] = []
  using signals = new NodeSignals({ bus: b, log: { ...silent, warn: fields => void logged.push(fields) } })
  const heard: [NodeSignal, string][] = []
  using _ = signals.on('who', (signal, from) => heard.push([signal, from]))
  for (let n = 0; n < 100; n++) a.signal('{"s":"who","secret":"canary"}')
  a.signal('{"s":"who"}')
  await new Promise(setImmediate)
  assert.deepEqual(heard, [[{ s: 'who' }, 'node-0']])
  assert.equal(logged.length, 1)
  assert.equal(JSON.stringify(logged).includes('canary'), false)
})
