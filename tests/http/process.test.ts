import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import { settings } from '../../server/config.ts'
import { password } from '../support/app.ts'
import { onPostgres } from '../support/here.ts'
import { TestProcess } from '../support/process.ts'
import { TestSocket } from '../support/socket.ts'

async function setUp(url: string, code: string): Promise<Response> {
  return fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ code, workspace: 'W', username: 'alice', password }),
  })
}

test('the address with the set-up code is printed at every start until there is an owner, and not in the log', async () => {
  await using first = await TestProcess.serving()
  const { directory } = first
  assert.match(
    first.out,
    /^Confab is new\. Open http:\/\/localhost:\d+\/#code=[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\n$/,
  )
  assert.equal(await first.end(), 0)
  await using second = await TestProcess.serving({ directory })
  const { code = '' } = second
  assert.equal(code, first.code, 'the same on every node and at every start')
  await using other = await TestProcess.serving()
  assert.notEqual(other.code, code)
  assert.equal((await setUp(second.url, other.code ?? '')).status, 403)
  assert.equal((await setUp(second.url, code)).status, 200)
  assert.equal(await second.end('SIGINT'), 0)
  for (const { err, code: secret = '' } of [first, second])
    assert.ok(!err.includes(secret) && err.includes('Serving.'))
  await using third = await TestProcess.serving({ directory })
  assert.match(third.out, /^Confab: http:\/\/localhost:\d+\n$/)
  assert.equal(await third.end(), 0)
})

test('a given set-up code is the one that works', async () => {
  await using it = await TestProcess.serving({ variables: { CONFAB_SETUP_CODE: 'given/by+the=operator' } })
  assert.equal(it.code, encodeURIComponent('given/by+the=operator'))
  assert.equal((await setUp(it.url, 'given/by+the=operator')).status, 200)
})

test('a second server on the same data refuses with one sentence, also after the first was killed and came again', {
  skip: onPostgres && 'any number of servers share PostgreSQL',
}, async () => {
  await using first = await TestProcess.serving()
  const { directory } = first
  const refused = await TestProcess.run(['start', '--port', '0'], { directory })
  assert.equal(await refused.ended(), 1)
  assert.equal(refused.err.trim().split('\n').length, 1)
  assert.ok(refused.err.includes(directory), refused.err)
  await first.end('SIGKILL')
  await using again = await TestProcess.serving({ directory })
  assert.ok(again.url)
})

test('a port in use, a host that is not ours and a directory that cannot be are told in one sentence each', async () => {
  await using busy = createServer().listen(0, '127.0.0.1')
  await once(busy, 'listening')
  const { port } = busy.address() as { port: number }
  const cases: [string[], RegExp][] = [
    [['--port', String(port)], new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is in use\\..*PORT`)],
    [
      ['--port', '0', '--metrics-port', String(port)],
      new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is in use\\..*CONFAB_METRICS_PORT`),
    ],
    [['--port', '0', '--host', '203.0.113.1'], /^HOST 203\.0\.113\.1 is no address of this machine/],
    [['--port', '0', '--data', '/dev/null/data'], /^The data directory \/dev\/null\/data /],
  ]
  for (const [args, sentence] of cases) {
    await using it = await TestProcess.run(['start', ...args])
    assert.equal(await it.ended(), 1, it.err)
    assert.match(it.err, sentence)
    assert.equal(it.err.trim().split('\n').length, 1, it.err)
    assert.equal(it.out, '')
  }
})

test('what is called or set wrongly ends with 2 and a sentence, and touches nothing', async () => {
  const cases: [string[], Record<string, string>, RegExp][] = [
    [['start'], { PORT: 'x' }, /^PORT is "x", but must be a port/],
    [['start', '--limits', 'off', '--host', '0.0.0.0'], {}, /^CONFAB_LIMITS is off/],
    [['start', '--colour', 'red'], {}, /^Unknown option '--colour'/],
    [['start', 'now'], {}, /^Unexpected argument 'now'/],
    [['start'], { CONFAB_COLOUR: 'red' }, /^CONFAB_COLOUR is no setting/],
    [['stat'], {}, /^There is no command "stat"/],
    [['__proto__'], {}, /^There is no command/],
    [['user', 'dance'], {}, /^Usage/],
  ]
  for (const [args, variables, sentence] of cases) {
    await using it = await TestProcess.run(args, { variables })
    assert.equal(await it.ended(), 2, it.err)
    assert.match(it.err, sentence)
  }
})

test('--help lists every setting, and --version tells a version', async () => {
  await using help = await TestProcess.run(['--help'])
  assert.equal(await help.ended(), 0)
  for (const { variable, flag, expects } of Object.values(settings))
    for (const part of [variable, `--${flag}`, expects]) assert.ok(help.out.includes(part), part)
  await using version = await TestProcess.run(['--version'])
  assert.equal(await version.ended(), 0)
  assert.match(version.out, /^\d+\.\d+\.\d+\n$/)
})

test('asked to end, it tells sockets to come back and ends with 0', async () => {
  await using it = await TestProcess.serving({ variables: { CONFAB_SETUP_CODE: 'a-code-of-this-test' } })
  const response = await setUp(it.url, 'a-code-of-this-test')
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  using socket = await TestSocket.in(it.url, { cookie, origin: it.url })
  const ended = it.end('SIGTERM')
  const bye = await socket.frame('bye')
  assert.equal(bye.code, 4000)
  assert.ok((bye.after ?? 0) > 0)
  assert.equal(await socket.closed, 4000)
  assert.equal(await ended, 0)
})

test('a second signal ends it at once, though somebody is still sending', async () => {
  await using it = await TestProcess.serving()
  const slow = connect(Number(new URL(it.url).port), '127.0.0.1')
  slow.on('error', () => {})
  const head = `POST /api/setup HTTP/1.1\r\nHost: ${new URL(it.url).host}\r\nOrigin: ${it.url}\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n`
  slow.write(head)
  await once(slow, 'data')
  it.child.kill('SIGTERM')
  await once(it.child.stderr, 'data')
  assert.equal(await it.end('SIGTERM'), 1)
  slow.destroy()
})

test('an unhandled error is logged and ends it with 1', async () => {
  const fault = 'process.on("SIGUSR2", () => { throw new Error("a planted fault") })'
  await using it = await TestProcess.serving({ node: ['--import', `data:text/javascript,${fault}`] })
  assert.equal(await it.end('SIGUSR2'), 1)
  assert.match(it.err, /a planted fault/)
})

test('what somebody says is in no line of the log, at any level', async () => {
  await using it = await TestProcess.serving({ variables: { CONFAB_SETUP_CODE: 'a-code-of-this-test' } }, [
    '--log',
    'debug',
  ])
  const response = await setUp(it.url, 'a-code-of-this-test')
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const headers = { cookie, origin: it.url, 'content-type': 'application/json' }
  const rooms = (await (await fetch(`${it.url}/api/rooms`, { headers })).json()) as {
    rooms: { id: string }[]
  }
  const id = '0190a1b2-0000-7000-8000-000000000001'
  const post = await fetch(`${it.url}/api/rooms/${rooms.rooms[0]?.id}/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ id, text: 'canary-of-a-message' }),
  })
  assert.equal(post.status, 200)
  await fetch(`${it.url}/api/users?after=canary-of-a-query`, { headers })
  assert.equal(await it.end(), 0)
  assert.match(it.err, /"path":"\/api\/users"/)
  for (const secret of ['canary', password, cookie.split('=')[1] ?? 'x', 'a-code-of-this-test'])
    assert.ok(!it.err.includes(secret), secret)
})

test('the emergency commands list people, give a new password, change a role and make an account', async () => {
  await using server = await TestProcess.serving({ variables: { CONFAB_SETUP_CODE: 'a-code-of-this-test' } })
  const { directory } = server
  const run = async (args: string[], input = '') => {
    const it = await TestProcess.run(['user', ...args], { directory })
    it.child.stdin.end(input)
    return { code: await it.ended(), out: it.out, err: it.err }
  }
  await setUp(server.url, 'a-code-of-this-test')
  if (!onPostgres) assert.match((await run(['list'])).err, /Another Confab is running/)
  await server.end()
  const made = await run(['create', 'bob', '--role', 'administrator'], 'another long password\n')
  assert.deepEqual([made.code, made.err], [0, ''])
  assert.match((await run(['create', 'bob'], 'another long password\n')).err, /already taken/)
  assert.match((await run(['list'])).out, /^alice +owner +active\nbob +administrator +active\n$/)
  assert.deepEqual((await run(['password', 'Alice'], 'a new and longer one\n')).err, '')
  assert.match((await run(['password', 'alice'], 'PASSWORD123\n')).err, /commonest/)
  assert.match((await run(['password', 'alice'], 'short\n')).err, /at least 8 characters/)
  assert.match((await run(['password', 'carol'], 'a new and longer one\n')).err, /nobody with the username/)
  assert.deepEqual(await run(['role', 'bob', 'owner']), { code: 0, out: 'bob is owner now.\n', err: '' })
  assert.match((await run(['role', 'bob', 'king'])).err, /role must be/)
  await using again = await TestProcess.serving({ directory })
  const signIn = (username: string, secret: string) =>
    fetch(`${again.url}/api/sign-in`, {
      method: 'POST',
      headers: { origin: again.url, 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: secret }),
    })
  assert.equal((await signIn('alice', password)).status, 401)
  assert.equal((await signIn('alice', 'a new and longer one')).status, 200)
  const bob = (await (await signIn('bob', 'another long password')).json()) as { me: { role: string } }
  assert.equal(bob.me.role, 'owner')
})

test('an emergency command on data without an owner says so', async () => {
  await using it = await TestProcess.run(['user', 'password', 'alice'])
  it.child.stdin.end('a new and longer one\n')
  assert.equal(await it.ended(), 1)
  assert.match(it.err, /There is no owner yet/)
})
