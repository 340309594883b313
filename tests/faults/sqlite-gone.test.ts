import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkSqlite } from '../../server/cli/doctor/sqlite.ts'
import { Person, TestServer } from '../support/app.ts'
import { TestProcess } from '../support/process.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

const code = 'a-set-up-code-for-tests'
const variables = { CONFAB_SETUP_CODE: code, CONFAB_LIMITS: 'off' }

/** A server in a process of its own, with its owner. */
async function owned(directory: string): Promise<{ it: TestProcess; owner: Person }> {
  const it = await TestProcess.serving({ directory, keep: true, variables })
  const body = { code, workspace: 'Test', username: 'alice', password: 'correct horse battery' }
  const headers = { origin: it.url, 'content-type': 'application/json' }
  const response = await fetch(`${it.url}/api/setup`, { method: 'POST', headers, body: JSON.stringify(body) })
  const { me } = (await response.json()) as { me: Person['me'] }
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return { it, owner: new Person(it.url, 'alice', me, cookie) }
}

/** Why a start on this directory is refused. */
async function refusal(directory: string): Promise<string> {
  await using it = await TestProcess.run(['start', '--port', '0'], { directory, keep: true, variables })
  assert.equal(await it.ended(), 1, it.err)
  assert.equal(it.out, '')
  return it.err.trim()
}

/** Resolves when a file that tells how many events there are tells at least so many. */
async function knows(directory: string, events: number): Promise<void> {
  for (;;) {
    const text = await readFile(join(directory, 'confab.last.json'), 'utf8').catch(() => '{}')
    if (Number(JSON.parse(text).events) >= events) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const known = async (directory: string): Promise<{ epoch: string; events: number }> =>
  JSON.parse(await readFile(join(directory, 'confab.last.json'), 'utf8'))

test('a database that is missing or empty where a workspace was is no new workspace: a start and the doctor say what to do', async () => {
  const traces: [string, (directory: string) => Promise<unknown>][] = [
    ['confab.last.json', at => writeFile(join(at, 'confab.last.json'), '{}')],
    ['confab.db-wal', at => writeFile(join(at, 'confab.db-wal'), 'not empty')],
    ['files', at => mkdir(join(at, 'files', 'ab'), { recursive: true })],
  ]
  for (const [trace, leave] of traces)
    for (const empty of [false, true]) {
      await using folder = await temporaryFolder()
      await leave(folder.path)
      if (empty) await writeFile(join(folder.path, 'confab.db'), '')
      const told = await refusal(folder.path)
      assert.match(told, new RegExp(`confab\\.db is ${empty ? 'empty' : 'missing'}, though ${trace} in`))
      assert.match(told, /restore the newest backup.*CONFAB_DATABASE_URL.*empty directory/)
      assert.equal(existsSync(join(folder.path, 'confab.db')), empty, 'nothing was made')
      const [found] = checkSqlite(folder.path)
      assert.ok(found?.is === 'fail' && told.startsWith(found.says), JSON.stringify(found))
    }
})

test('an empty database alone, as a first start that was cut short leaves it, is a new workspace', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'confab.db'), '')
  await mkdir(join(folder.path, 'files', 'unfinished'), { recursive: true })
  await using it = await TestProcess.serving({ directory: folder.path, keep: true })
  assert.match(it.out, /Confab is new/)
})

const losses: Readonly<Record<string, (directory: string) => Promise<unknown>>> = {
  'its database is removed': at => rm(join(at, 'confab.db')),
  'its lock is removed': at => rm(join(at, 'lock.db')),
  'its directory is removed': at => rm(at, { recursive: true }),
  'its database is replaced': async at => {
    await writeFile(join(at, 'other'), await readFile(join(at, 'confab.db')))
    await rename(join(at, 'other'), join(at, 'confab.db'))
  },
}

for (const [what, lose] of Object.entries(losses)) {
  test(`[L2] a server stores nothing more when ${what} while it runs: it says so and is not ready`, async () => {
    const one = await TestServer.owned()
    await using _ = one
    const { server, owner } = one
    const room = await owner.room('Plans')
    await lose(server.directory)
    const change = () => owner.refused('rooms.change', { id: room, topic: 'too late' })
    // The lock is not looked at with each commit: a change that comes at once may be before the next look.
    let refused = what === 'its lock is removed' ? await change().catch(() => null) : await change()
    while (!refused) refused = await change().catch(() => null)
    assert.equal(refused.code, 'unavailable')
    assert.match(refused.message, /removed or replaced while it ran/)
    assert.match((await server.app.lost).message, /was (removed|replaced) while the server ran/)
    const ready = await fetch(`${server.url}/readyz`)
    assert.equal(ready.status, 503)
    assert.match(await ready.text(), /removed or replaced while it ran.*"store":"gone"/)
  })

  test(`a server ends when ${what} while it runs`, async () => {
    await using folder = await temporaryFolder()
    const { it } = await owned(folder.path)
    await using _ = it
    await lose(folder.path)
    assert.equal(await it.ended(), 1)
    assert.match(
      it.err,
      /was (removed|replaced) while the server ran: what it stores now would be lost\. It ends\./,
    )
  })
}

test('[L2] a write-ahead log that is gone after a crash is told, and the workspace goes on without it when that is accepted', async () => {
  await using folder = await temporaryFolder()
  const at = folder.path
  const { it, owner } = await owned(at)
  await using _ = it
  const before = await known(at)
  const room = await owner.room('Plans')
  for (const text of ['one', 'two', 'three']) await owner.says(room, text)
  await knows(at, before.events + 4)
  await it.end('SIGKILL')
  await rm(join(at, 'confab.db-wal'))
  assert.match(await refusal(at), /lacks \d+ events that it had.*confab\.db-wal.*accept-loss/)
  assert.ok(checkSqlite(at).some(({ is, says }) => is === 'fail' && /lacks \d+ events/.test(says)))
  const accept = async () => {
    await using accepted = await TestProcess.run(['accept-loss', '--data', at], { directory: at, keep: true })
    assert.equal(await accepted.ended(), 0, accepted.err)
    return accepted.out
  }
  assert.match(await accept(), /goes on without \d+ of its events/)
  assert.match(await accept(), /Nothing is missing/)
  await using again = await TestProcess.serving({ directory: at, keep: true, variables })
  assert.ok(again.url)
  assert.notEqual((await known(at)).epoch, before.epoch, 'every client begins anew')
})

test('an older copy of the database in its place is told, and a database of another history is not', async () => {
  await using folder = await temporaryFolder()
  const at = folder.path
  const first = await owned(at)
  assert.equal(await first.it.end(), 0)
  const older = await readFile(join(at, 'confab.db'))
  await using second = await TestProcess.serving({ directory: at, keep: true, variables })
  const secret = first.owner.cookie.slice(first.owner.cookie.indexOf('='))
  const cookie = `confab-${new URL(second.url).port}${secret}`
  const owner = new Person(second.url, 'alice', first.owner.me, cookie)
  await owner.room('Plans')
  assert.equal(await second.end(), 0)
  await writeFile(join(at, 'confab.db'), older)
  assert.match(await refusal(at), /an older copy was put in its place/)
  await writeFile(join(at, 'confab.last.json'), JSON.stringify({ ...(await known(at)), epoch: 'another' }))
  await using third = await TestProcess.serving({ directory: at, keep: true, variables })
  assert.equal(await third.end(), 0)
  await truncate(join(at, 'confab.last.json'), 5)
  await using fourth = await TestProcess.serving({ directory: at, keep: true, variables })
  assert.equal(await fourth.end(), 0)
})
