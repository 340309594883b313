import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { TestProcess } from '../support/process.ts'

async function called(args: readonly string[], variables: Record<string, string> = {}) {
  await using it = await TestProcess.run(['doctor', ...args], { variables })
  const code = await it.ended()
  return { code, out: it.out, err: it.err }
}

const findings = (out: string): { of: string; is: string; says: string; fix?: string }[] =>
  out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

test('each finding is a line, what to do stands below what is not well, and 1 says that something failed', async () => {
  const { code, out } = await called(['--port', '0'], {
    CONFAB_DATABASE_URL: 'postgres://127.0.0.1:1/confab',
  })
  assert.equal(code, 1)
  assert.match(out, /^ok {4}program {5}This is Confab [\d.]+\.$/m)
  assert.match(out, /^FAIL {2}postgresql {2}PostgreSQL cannot be asked: .+\.\n {18}See that it runs/m)
})

test('for machines it is an object a line, and 0 says that nothing failed', async () => {
  const { code, out } = await called(['--json', '--port', String(await freePort())])
  const all = findings(out)
  assert.equal(code, all.some(one => one.is === 'fail') ? 1 : 0)
  assert.deepEqual(
    all.filter(one => one.is !== 'ok' && !/page is not built/.test(one.says)),
    [],
  )
  assert.deepEqual(
    new Set(all.map(one => one.of)),
    new Set(['program', 'settings', 'nodes', 'data', 'sqlite', 'files', 'address']),
  )
})

test('every wrong setting is a finding, and nothing else is guessed at', async () => {
  const { code, out } = await called(['--json', '--port', 'x'], { CONFAB_S3_BUCKET: 'UPPER' })
  assert.equal(code, 1)
  const wrong = findings(out).filter(one => one.of === 'settings')
  assert.deepEqual(
    wrong.map(one => one.says.split(' is ')[0]),
    ['--port', 'CONFAB_S3_BUCKET'],
  )
  assert.ok(!findings(out).some(one => one.of === 'data'))
})

test('no secret of the settings is printed, whatever is wrong with what it is for', async () => {
  // PostgreSQL repeats the name of a database that it does not have: here, somebody wrote the password there.
  await using database = await temporaryDatabase()
  const url = new URL(database.url)
  url.password = 'canary!word'
  url.pathname = '/canary!word'
  const secrets = {
    CONFAB_SETUP_CODE: 'canary-canary-code',
    CONFAB_DATABASE_URL: url.href,
    CONFAB_REDIS_URL: 'redis://:canary-redis@127.0.0.1:1',
    CONFAB_S3_ENDPOINT: 'http://127.0.0.1:1',
    CONFAB_S3_BUCKET: 'confab',
    CONFAB_S3_REGION: 'eu',
    CONFAB_S3_ACCESS_KEY_ID: 'canary-key',
    CONFAB_S3_SECRET_ACCESS_KEY: 'canary-secret',
  }
  for (const json of [[], ['--json']]) {
    const { code, out, err } = await called(['--port', '0', ...json], secrets)
    assert.equal(code, 1)
    assert.doesNotMatch(out + err, /canary/)
    for (const name of ['postgresql', 'redis', 'files']) assert.ok(out.includes(name), name)
    assert.match(out, /database .*\[secret\].* does not exist/)
  }
})

test('what it does not know is refused with what it takes', async () => {
  const { code, err } = await called(['--loud'])
  assert.equal(code, 2)
  assert.match(err, /--loud.*--json/)
})
