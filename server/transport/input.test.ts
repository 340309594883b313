import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../contract/ids.ts'
import type { OperationName } from '../../contract/operations.ts'
import { parseInput } from './input.ts'

const told = (op: OperationName, raw: unknown) => {
  const parsed = parseInput(op, raw)
  return 'error' in parsed ? [parsed.error.field, parsed.error.message] : parsed.input
}
const id = newId()

test('an input is what the contract makes of it: trimmed, and numbers for digits', () => {
  assert.deepEqual(told('messages.list', { room: id, limit: '5' }), { room: id, limit: 5 })
  assert.deepEqual(told('me.change', { displayName: '  Alice  ' }), { displayName: 'Alice' })
  assert.deepEqual(told('users.list', { ids: `${id},${id}` }), { ids: [id, id] })
})

const sentences: [OperationName, unknown, string | undefined, string][] = [
  ['messages.get', {}, 'id', 'id is missing.'],
  ['messages.get', { id: 1 }, 'id', 'id must be a string.'],
  ['messages.get', { id: 'x' }, 'id', 'id must be a UUID in lower case.'],
  ['messages.get', { id, colour: 1 }, 'colour', 'There is no field "colour" here.'],
  [
    'messages.get',
    JSON.parse(`{"id":"${id}","__proto__":1}`),
    '__proto__',
    'There is no field "__proto__" here.',
  ],
  ['messages.get', null, undefined, 'The input must be an object.'],
  ['messages.get', [id], undefined, 'The input must be an object.'],
  ['messages.get', 'x', undefined, 'The input must be an object.'],
  ['messages.get', undefined, undefined, 'The input must be an object.'],
  ['messages.list', { room: id, limit: '101' }, 'limit', 'limit must be at most 100.'],
  ['messages.list', { room: id, limit: 101 }, 'limit', 'limit must be at most 100.'],
  ['messages.list', { room: id, limit: -1 }, 'limit', 'limit must be at least 0.'],
  ['messages.list', { room: id, limit: 'x' }, 'limit', 'limit must be a whole number.'],
  ['direct.open', { users: ['x'] }, 'users.0', 'users.0 must be a UUID in lower case.'],
  ['me.remove', { messages: 'burn' }, 'messages', 'messages must be keep or delete.'],
  [
    'account.signUp',
    { username: 'a b', password: '12345678' },
    'username',
    'username may hold letters, digits and @ . + - _ only.',
  ],
  [
    'account.signUp',
    { username: 'alice', password: 'short' },
    'password',
    'password must have at least 8 characters.',
  ],
  ['me.change', { status: 'x'.repeat(2_000) }, 'status', 'status must have at most 120 characters.'],
  ['rooms.change', { id, archived: 'yes' }, 'archived', 'archived must be true or false.'],
  ['me.change', { email: 'nowhere' }, 'email', 'email must be an e-mail address, like name@example.org.'],
]

for (const [op, raw, field, message] of sentences)
  test(`of ${op} with ${JSON.stringify(raw)?.slice(0, 60)} alice hears: ${message}`, () => {
    assert.deepEqual(told(op, raw), [field, message])
  })
