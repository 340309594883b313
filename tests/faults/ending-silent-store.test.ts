import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PostgresServer } from '../support/postgres-server.ts'
import { TestProcess } from '../support/process.ts'

test('a server that is told to end does, though PostgreSQL answers nothing', {
  timeout: 60_000,
}, async () => {
  await using database = await PostgresServer.start()
  await using server = await TestProcess.serving({ variables: { CONFAB_DATABASE_URL: database.url() } })
  const setUp = () =>
    fetch(`${server.url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({
        code: server.code,
        workspace: 'Home',
        username: 'ada',
        password: 'oars at dawn',
      }),
    })
  database.signal('SIGSTOP')
  try {
    const answer = setUp().catch(() => null)
    await new Promise(resolve => setTimeout(resolve, 200))
    assert.equal(await server.end(), 1)
    assert.match(server.err, /something still under way/)
    assert.notEqual((await answer)?.status, 200)
  } finally {
    database.signal('SIGCONT')
  }
})
