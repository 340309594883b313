import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import type { UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import { Bodies } from './bodies.ts'

const mallory = { user: 'mallory' as UserId, address: '192.0.2.1' }

/** An upload that comes in exactly these pieces. */
function scene() {
  const clock = new HandClock()
  const bodies = new Bodies({ clock })
  const request = Object.assign(new EventEmitter(), { headers: {}, destroyed: false })
  const read = bodies.read(
    request as unknown as IncomingMessage,
    { kind: 'upload', max: limits.avatarBytes },
    mallory,
  )
  const comes = (bytes: number) => request.emit('data', Buffer.alloc(bytes))
  return { clock, bodies, request, read, comes }
}

test('a body that holds much has to get on in proportion to it', async () => {
  const { clock, bodies, read, comes } = scene()
  comes(limits.avatarBytes / 2)
  clock.turn(limits.bodyStallMs - 1)
  // Enough for a body that holds little.
  comes(2 * limits.bodyProgressBytes)
  clock.turn(1)
  const refused = await read
  assert.ok('error' in refused && refused.error.code === 'timed_out')
  assert.equal(bodies.heldBytes, 0)
})

test('an upload of the greatest size gets on with a line on which it is whole within the bound of a request', async () => {
  const { clock, bodies, request, read, comes } = scene()
  const seconds = 110
  for (let n = 0; n < seconds; n++) {
    comes(Math.floor(limits.avatarBytes / seconds))
    clock.turn(1_000)
  }
  request.emit('end')
  const body = await read
  assert.ok('bytes' in body)
  assert.equal(body.bytes.length, bodies.heldBytes)
})
