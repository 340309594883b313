import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Listener } from './channel.ts'
import { Channel } from './channel.ts'

test('[F1] however many large events come at once, no frame is larger than a page of a catch-up and one event', () => {
  const written: { readonly bytes: number; readonly events: number }[] = []
  const listener: Listener = {
    user: newId<UserId>(),
    isOpen: true,
    channels: new Set(),
    write: (frame, events) => void written.push({ bytes: frame.length, events }),
    drained: async () => true,
    lose() {},
    revoke() {},
  }
  const channel = new Channel('workspace', { flushIn() {}, now: () => 0, turned() {}, returned() {} })
  channel.begin(0, null)
  channel.join(listener)
  const body = JSON.stringify({ e: 'message.posted', text: 'x'.repeat(limits.textBytes) })
  channel.receive({ first: 1, bodies: Array.from({ length: 100 }, () => body) })
  channel.due()
  const most = limits.catchUpBytes + 2 * body.length
  assert.deepEqual(
    written.filter(({ bytes }) => bytes > most),
    [],
  )
  assert.equal(
    written.reduce((sum, { events }) => sum + events, 0),
    100,
  )
  assert.equal(channel.head, 100)
})
