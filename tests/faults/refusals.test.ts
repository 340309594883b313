import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { systemClock } from '../../server/adapters/clock.ts'
import { makeDirectory } from '../../server/adapters/data-directory.ts'
import { notWritten } from '../../server/adapters/reason.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { checkDirectory } from '../../server/cli/doctor/directory.ts'
import { checkPostgres } from '../../server/cli/doctor/postgres.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import { assertOne } from '../support/findings.ts'
import { freePort } from '../support/free-port.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { TestProcess } from '../support/process.ts'
import { RedisServer } from '../support/redis-server.ts'

/** Why the store on PostgreSQL is not opened, and that the doctor says the same of it. */
async function refused(url: string, why: RegExp): Promise<void> {
  await assert.rejects(
    openPostgresStore({ url, clock: systemClock }),
    error => error instanceof CannotOpen && why.test(error.message) && /doctor/.test(error.message),
  )
  assertOne(await checkPostgres(url, systemClock), 'fail', why, /CONFAB_DATABASE_URL/)
}

test('a PostgreSQL that does not let us in says which of the reasons it is', {
  timeout: 120_000,
}, async () => {
  await using server = await PostgresServer.start()
  const admin = new pg.Client({ connectionString: server.url() })
  await admin.connect()
  for (const user of ['carla', 'outside']) await admin.query(`CREATE ROLE ${user} LOGIN PASSWORD 'right'`)
  const hba = join(server.directory, 'data', 'pg_hba.conf')
  const rest = await readFile(hba, 'utf8')
  await writeFile(hba, `host all carla all scram-sha-256\nhost all outside all reject\n${rest}`)
  await admin.query('SELECT pg_reload_conf()')
  await admin.end()
  const as = (user: string, database = 'postgres') => server.url(database).replace('confab@', `${user}@`)
  await refused(as('carla'), /wants a password, and its address names none/)
  await refused(as('carla:wrong'), /does not take this user and password/)
  await refused(as('outside:right'), /does not let this user in from here: see pg_hba\.conf/)
  await refused(as('carla:right', 'elsewhere'), /has no database of this name/)
  const port = await freePort()
  await refused(server.url().replace(`:${server.port}`, `:${port}`), /nothing listens there/)
})

/** What a node says in its log of its Redis. */
async function saidOf(url: string, sentence: RegExp): Promise<string> {
  await using it = await TestProcess.serving({ variables: { CONFAB_REDIS_URL: url } })
  while (!sentence.test(it.err)) await new Promise(resolve => setTimeout(resolve, 20))
  return it.err
}

test('a Redis that wants a password is there, and one that nobody runs is not', {
  timeout: 120_000,
}, async () => {
  await using server = await RedisServer.start(['--requirepass', 'right'])
  const wanted = await saidOf(server.url, /wants a password, and its address names none/)
  assert.match(wanted, /Redis at CONFAB_REDIS_URL refuses commands/)
  const wrong = await saidOf(
    server.url.replace('//', '//:canary-of-it@'),
    /does not take this user and password/,
  )
  assert.match(wrong, /Redis at CONFAB_REDIS_URL refuses commands/)
  assert.ok(!wrong.includes('canary-of-it'))
  const gone = await saidOf(`redis://127.0.0.1:${await freePort()}`, /nothing listens there/)
  assert.match(gone, /No Redis answers at CONFAB_REDIS_URL/)
})

const mayMount = process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0

/** A file system of its own in memory. */
function mounted(options: string): { path: string; remount(options: string): void } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'confab-mount-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path])
  return {
    path: status === 0 ? path : '',
    remount: more => void execFileSync('mount', ['-o', `remount,${more}`, path]),
    [Symbol.dispose]: () => {
      if (status === 0) execFileSync('umount', [path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}

const open = async (directory: string) =>
  (await openSqliteStore({ directory, clock: systemClock }))[Symbol.asyncDispose]()

test('a file system that is read-only, full, or has no room for more files is told as what it is', {
  skip: !mayMount && 'only root may mount',
}, async t => {
  using disk = mounted('size=4m,nr_inodes=40')
  if (!disk.path) return t.skip('no file system can be mounted here')
  const directory = join(disk.path, 'data')
  makeDirectory(directory)
  const database = { directory, database: true, uid: process.getuid?.() }
  const roomy = () => ({ bavail: 1_000_000, bsize: 4_096, type: 0xef53 })
  const told = (why: RegExp) =>
    assert.rejects(open(directory), error => error instanceof CannotOpen && why.test(error.message))

  disk.remount('ro')
  await told(/read-only\. Mount it for writing.*\[EROFS\]/)
  assert.throws(() => makeDirectory(join(directory, 'deeper')), /read-only\. Mount it for writing/)
  assertOne(checkDirectory({ ...database, statfs: roomy }), 'fail', /read-only/, /Mount it for writing/)
  disk.remount('rw')

  const many = join(disk.path, 'many')
  mkdirSync(many)
  for (let n = 0; ; n++)
    try {
      writeFileSync(join(many, `${n}`), '')
    } catch {
      break
    }
  await told(/no room for more files.*\[ENOSPC\]/)
  const found = checkDirectory(database).filter(({ is }) => is === 'fail')
  assert.ok(
    found.some(({ says }) => /room for 0 more files/.test(says)),
    JSON.stringify(found),
  )
  rmSync(many, { recursive: true })

  const filling = join(disk.path, 'filling')
  for (let size = 4 << 20; size >= 1; size >>= 1)
    try {
      writeFileSync(filling, Buffer.alloc(size), { flag: 'a' })
    } catch {}
  await told(/the disk has no room left.*Make room there \[ENOSPC\]/)
  rmSync(filling)
  await open(directory)
})

test('what the system refuses is told with what to do about it, each in its own words', () => {
  const told = (code: string) => notWritten(Object.assign(new Error('refused'), { code }))
  assert.match(told('EACCES'), /^this user may not\. Give the folder.*chown/)
  assert.match(told('EPERM'), /^the system forbids it\..*ProtectSystem/)
  assert.match(told('EDQUOT'), /^the quota of this user is used up\./)
  assert.equal(told('EWHATEVER'), 'refused')
  const all = ['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EIO'].map(told)
  assert.equal(new Set(all).size, all.length)
})

test('a directory that is another user’s is told as that, and not as a disk', {
  skip: process.getuid?.() !== 0 && 'only root may become another user',
}, () => {
  const path = mkdtempSync(join(tmpdir(), 'confab-theirs-'))
  try {
    chmodSync(path, 0o700)
    const module = new URL('../../server/adapters/data-directory.ts', import.meta.url).href
    const program = `import(${JSON.stringify(module)}).then(({ makeDirectory }) => {
      process.setgid(65534); process.setuid(65534)
      try { makeDirectory(${JSON.stringify(join(path, 'data'))}) } catch (error) { console.log(error.message) }
    })`
    const { stdout } = spawnSync(process.execPath, ['--eval', program], { encoding: 'utf8' })
    assert.match(stdout, /cannot be made or written to: this user may not\. Give the folder.*\[EACCES\]/)
  } finally {
    rmSync(path, { recursive: true })
  }
})
