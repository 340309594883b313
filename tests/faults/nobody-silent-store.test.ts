import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../contract/limits.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { TestProcess } from '../support/process.ts'
import { TestSocket } from '../support/socket.ts'

test('[P1] who has not said who they are is told what is wrong with it, though nobody knows which sessions ended meanwhile', {
  timeout: 60_000,
}, async () => {
  await using database = await PostgresServer.start()
  await using server = await TestProcess.serving({ variables: { CONFAB_DATABASE_URL: database.url() } })
  using socket = new TestSocket(server.url)
  await socket.opened()
  database.signal('SIGSTOP')
  try {
    // Until what is sent to others is held.
    await new Promise(resolve => setTimeout(resolve, 3 * limits.endedStaleMs))
    for (let n = 0; n <= limits.helloRepeats; n++) socket.send({ t: 'hello', v: 1, cursors: {}, colour: 1 })
    assert.equal(await socket.closed, 4002)
    assert.equal(socket.frames.filter(frame => frame.t === 'error').length, limits.helloRepeats + 1)
  } finally {
    database.signal('SIGCONT')
  }
})
