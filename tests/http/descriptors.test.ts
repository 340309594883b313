import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password, setupCode } from '../support/app.ts'
import { TestProcess } from '../support/process.ts'
import { ask } from '../support/raw-http.ts'
import { TestSocket } from '../support/socket.ts'

const files = 256

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setImmediate(resolve))
}

test('a server that runs out of descriptors says so, keeps serving who is there, and takes others again when there is room', async () => {
  await using server = await TestProcess.serving({ files }, ['--setup-code', setupCode, '--limits', 'off'])
  const port = Number(new URL(server.url).port)
  const headers = { host: `localhost:${port}`, origin: server.url, 'content-type': 'application/json' }
  const post = (path: string, body: object, more: Record<string, string> = {}) =>
    ask(port, { method: 'POST', path, headers: { ...headers, ...more }, body: JSON.stringify(body) })
  const entered = await post('/api/setup', { code: setupCode, workspace: 'W', username: 'alice', password })
  assert.equal(entered.status, 200, entered.body)
  const cookie = [entered.headers['set-cookie']].flat()[0]?.split(';')[0] as string
  using socket = await TestSocket.in(server.url, { cookie, origin: server.url })
  const ready = async () => ask(port, { path: '/readyz' }).catch(() => null)
  const others: TestSocket[] = []
  for (;;) {
    const other = new TestSocket(server.url, { cookie, origin: server.url })
    const opened = await other.opened()
    if (opened !== 'open') {
      assert.equal(opened, 503)
      break
    }
    others.push(other)
    other.send({ t: 'hello', v: 1, cursors: {} })
    await other.frame('welcome')
  }
  assert.ok(others.length > files / 4, `${others.length} sockets`)
  assert.match((await ready())?.body ?? '', /"sockets":"full"/)
  const refused = await post('/api/sign-in', { username: 'alice', password })
  assert.equal(refused.status, 503)
  assert.match(refused.body, /reached its connection limit/)
  assert.equal(refused.headers['retry-after'], '5')
  assert.equal(refused.headers['x-content-type-options'], 'nosniff')
  // Who is there is served: the database and its files have descriptors of their own.
  assert.ok('ok' in (await socket.call('me.change', { status: 'here' })))
  assert.ok('ok' in (await socket.call('bootstrap.get', {})))
  assert.equal(server.err.match(/Connection limit reached/g)?.length, 1, server.err)
  for (const other of others) other[Symbol.dispose]()
  await until(async () => (await ready())?.status === 200)
  assert.equal((await post('/api/sign-in', { username: 'alice', password })).status, 200)
})
