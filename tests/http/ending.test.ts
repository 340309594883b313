import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { limits } from '../../contract/limits.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Clock } from '../../server/core/ports/clock.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { TestServer } from '../support/app.ts'

/** A store whose snapshots wait until they are let go. */
function holding() {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
  const { promise: let_, resolve: letGo } = Promise.withResolvers<void>()
  const wrap = (store: Store): Store => ({
    ...store,
    snapshot: async of => {
      ask()
      await let_
      return store.snapshot(of)
    },
  })
  return { wrap, asked, letGo }
}

test('a call that runs while the server ends is answered', async () => {
  const { wrap, asked, letGo } = holding()
  await using it = await TestServer.owned({}, { store: wrap })
  const answer = it.owner.fetch('/api/bootstrap')
  await asked
  const ended = it.server.app[Symbol.asyncDispose]()
  await assert.rejects(it.server.nobody.fetch('/healthz'), 'nothing new is taken')
  letGo()
  assert.equal((await answer).status, 200)
  await ended
})

test('somebody who never finishes sending holds the end up for as long as a drain lasts, and no longer', async () => {
  const late: (() => void)[] = []
  const clock: Clock = {
    ...systemClock,
    after: (ms, then) => {
      if (ms !== limits.drainMs) return systemClock.after(ms, then)
      late.push(then)
      return { [Symbol.dispose]: () => {} }
    },
  }
  await using it = await TestServer.owned({}, { clock })
  const { port } = it.server.app
  const slow = connect(port, '127.0.0.1')
  const closed = once(slow, 'close')
  slow.on('error', () => {})
  slow.write(
    `PUT /api/me HTTP/1.1\r\nHost: localhost:${port}\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n`,
  )
  await once(slow, 'data')
  const ended = it.server.app[Symbol.asyncDispose]()
  assert.equal(late.length, 1)
  late[0]?.()
  await closed
  await ended
})

test('what was said before the server ended is there when it comes again', async () => {
  await using it = await TestServer.owned()
  const room = await it.owner.room('Kept')
  const { id, seq } = await it.owner.says(room, 'still here')
  await it.server.restart()
  const { message } = await it.owner.call('messages.get', { id })
  assert.deepEqual([message.text, message.seq], ['still here', seq])
})
