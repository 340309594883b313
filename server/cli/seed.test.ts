import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../tests/support/store-sqlite.ts'
import type { Inside } from '../app.ts'
import { buildInside } from '../app.ts'
import { readConfig } from '../config.ts'
import { Admission } from '../core/call.ts'

const main = join(import.meta.dirname, '../main.ts')
const run = promisify(execFile)

const seed = (data: string, tokens: string, users: number, rooms: number, messages: number) =>
  run(process.execPath, [
    main,
    'seed',
    ...['--users', `${users}`, '--rooms', `${rooms}`, '--messages', `${messages}`],
    ...['--tokens', tokens, '--data', data],
  ])

async function inside(data: string): Promise<Inside> {
  const read = readConfig({ data, log: 'silent', limits: 'off' })
  assert.ok('config' in read)
  return buildInside(read.config)
}

test('a seeded directory has an owner who signs in, people whose tokens do, and talk in every room', {
  timeout: 60_000,
}, async () => {
  await using folder = await temporaryFolder()
  const [data, tokens] = [join(folder.path, 'data'), join(folder.path, 'tokens')]
  const { stdout } = await seed(data, tokens, 30, 12, 1_500)
  const password = /the password "([^"]+)"/.exec(stdout)?.[1]
  assert.equal((await stat(tokens)).mode & 0o777, 0o600)
  const lines = (await readFile(tokens, 'utf8')).trimEnd().split('\n')
  assert.equal(new Set(lines).size, 30)

  await using app = await inside(data)
  const origin = { address: '127.0.0.1', agent: 'test' }
  const admission = Admission.of('account.signIn', null)
  assert.ok('who' in admission)
  const signIn = await app.calls(
    'account.signIn',
    { username: 'owner', password },
    { admission, transport: 'http', origin },
  )
  assert.ok('ok' in signIn, JSON.stringify(signIn))
  const everyone = await app.store.roomsForEveryone()
  assert.equal(everyone.length, 2)
  for (const bearer of lines) {
    const who = await app.core.identify({ bearer })
    assert.ok(who)
    const rooms = await app.store.roomsOf(who.user)
    assert.ok(everyone.every(id => rooms.some(({ room }) => room === id)))
    assert.equal(rooms.length, 7)
  }
  const { users } = await app.store.users({ after: null, limit: 100 })
  assert.equal(users.length, 31)
  assert.equal(new Set(users.map(({ username }) => username)).size, 31)
  const { rooms } = await app.store.rooms(users[0]?.id as never, 'all')
  assert.equal(rooms.length, 12)
  const talk = await Promise.all(rooms.map(({ id }) => app.store.history(id, { limit: 100 })))
  assert.ok(talk.every(({ messages }) => messages.length > 0))
})

test('a directory that holds something already is left as it is, with a sentence; wrong words are told the usage', {
  timeout: 60_000,
}, async () => {
  await using folder = await temporaryFolder()
  const [data, tokens] = [join(folder.path, 'data'), join(folder.path, 'tokens')]
  await seed(data, tokens, 2, 2, 5)
  const before = await readFile(tokens, 'utf8')
  await assert.rejects(seed(data, tokens, 3, 2, 5), {
    code: 1,
    stderr: /is in use already\. Seed a directory/,
  })
  assert.equal(await readFile(tokens, 'utf8'), before)
  await assert.rejects(run(process.execPath, [main, 'seed', '--users', 'many']), {
    code: 2,
    stderr: /^Usage: seed/,
  })
})
