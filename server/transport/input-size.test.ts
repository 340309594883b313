import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId, UserId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import { jsonFieldsOf } from './http/body.ts'
import { callRefusal, countEntries, entriesOf, frameSize, helloSize, inputSize } from './input-size.ts'
import { readFrame, readHello } from './socket/frames.ts'

function told(text: string, entries: number, depth = 16): string | undefined {
  const counted = countEntries(text, { entries, depth })
  return 'error' in counted ? counted.error.message : undefined
}

test('fields and list items are counted together, and what stands in strings is none', () => {
  const text = JSON.stringify({ a: 'x,y:[{"\\', b: [1, { c: 2 }, []], 'k,": [': '\\"' })
  // a, b, its three items, c, k, and one for the empty list.
  assert.equal(told(text, 8), undefined)
  assert.equal(
    told(text, 7),
    'The input may have at most 7 fields and list items in all. Send only those that this operation has.',
  )
})

test('nesting is counted without following it: 16 is taken and 17 is not', () => {
  const deep = (n: number) => '['.repeat(n) + ']'.repeat(n)
  assert.equal(told(deep(16), 1_000), undefined)
  assert.equal(told(deep(17), 1_000), 'The input may be nested at most 16 deep.')
  assert.equal(told(deep(1_000_000), Number.POSITIVE_INFINITY), 'The input may be nested at most 16 deep.')
  assert.equal(told('[]'.repeat(20), 1_000), undefined, 'beside each other is not deep')
})

test('what is no JSON, or ends in the middle, is left to the parser', () => {
  for (const text of ['', '"', '"\\', '{"a', '}}}]]]', 'nonsense', '['])
    assert.equal(told(text, 64), undefined)
})

test('the input of every operation has a bound: each list of the contract has a length', () => {
  for (const name of Object.keys(operations) as OperationName[]) {
    const entries = entriesOf(operations[name].input)
    assert.ok(entries <= 600, `${name} ${entries}`)
    assert.ok(inputSize(name).entries >= Math.max(64, entries), name)
  }
})

test('the longest input that the contract allows is taken by both transports', () => {
  const users = Array.from({ length: limits.usersAPage }, () => newId<UserId>())
  const call = { t: 'call', ref: 1, op: 'users.list', input: { ids: users, after: users[0], limit: 500 } }
  assert.ok('frame' in readFrame(JSON.stringify(call)))
  assert.ok(frameSize.entries < 600)
  assert.ok('frame' in readFrame(JSON.stringify({ t: 'watch', users })))
})

test('[P6] a call is bounded by its operation over the socket as over HTTP', () => {
  const input = (fields: number) => Object.fromEntries(Array.from({ length: fields }, (_, n) => [`f${n}`, 1]))
  const overSocket = (fields: number) => {
    const read = readFrame(JSON.stringify({ t: 'call', ref: 7, op: 'me.change', input: input(fields) }))
    assert.ok('frame' in read)
    return callRefusal('me.change', read.entries)
  }
  const overHttp = (fields: number) =>
    jsonFieldsOf(Buffer.from(JSON.stringify(input(fields))), inputSize('me.change'))
  const most = inputSize('me.change').entries
  assert.equal(overSocket(most), null)
  assert.ok(!('error' in overHttp(most)))
  assert.ok(overSocket(most + 1))
  assert.deepEqual(overSocket(most + 1), overHttp(most + 1))
})

test('a name that is wrong is told no longer than it may be, wherever it stands', () => {
  const long = 'x'.repeat(60_000)
  for (const read of [
    readHello(JSON.stringify({ t: 'hello', v: 1, cursors: { [long]: 1 } })),
    readHello(JSON.stringify({ t: 'hello', v: 1, [long]: 1 })),
    readFrame(JSON.stringify({ t: 'ping', [long]: 1 })),
  ]) {
    assert.ok('error' in read)
    assert.ok(JSON.stringify(read).length < 500)
  }
})

test('a hello may have as many cursors as a frame has room for, and no more', () => {
  const cursors: Record<string, number> = {}
  const text = () => JSON.stringify({ t: 'hello', v: 1, epoch: newId(), cursors })
  while (text().length < limits.frameBytes - 60) cursors[roomTopic(newId<RoomId>())] = 1
  assert.ok('hello' in readHello(text()))
  assert.ok(Object.keys(cursors).length < helloSize.entries)
})

test('a caller is answered under their number where their call has too much', () => {
  const keys = Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`${n}a`, 1]))
  const read = readFrame(JSON.stringify({ t: 'call', ref: 7, op: 'me.change', input: keys }))
  assert.ok('error' in read)
  assert.equal(read.ref, 7)
  assert.match(read.error.message, /at most \d+ fields and list items/)
  const other = readFrame(JSON.stringify({ t: 'ping', ...keys }))
  assert.ok('error' in other && other.ref === undefined)
  const hello = readHello(JSON.stringify({ t: 'hello', v: 1, cursors: keys }))
  assert.ok('error' in hello)
  assert.match(hello.error.message, /at most/)
})
