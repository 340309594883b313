import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Backoff } from './backoff.ts'

test('clients that were refused in one burst and told the same wait do not come back at once, and never before it', () => {
  const clients = Array.from({ length: 10 }, (_, n) => new Backoff(() => n / 10))
  const first = clients.map(client => client.next(3))
  assert.equal(new Set(first).size, clients.length)
  assert.ok(first.every(ms => ms >= 3_000))
  const second = clients.map(client => client.next(3))
  const spread = (waits: number[]) => Math.max(...waits) - Math.min(...waits)
  assert.ok(spread(second) > spread(first))
  assert.ok(second.every(ms => ms >= 3_000))
  assert.deepEqual(
    clients.map(client => client.failures),
    clients.map(() => 2),
  )
})
