import assert from 'node:assert/strict'
import { chownSync, copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { connectionConfig } from '../../server/adapters/store/postgres/connection.ts'
import type { Certified } from '../support/certificates.ts'
import { Authority, noOpenssl } from '../support/certificates.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { TestProcess } from '../support/process.ts'

const skip = noOpenssl
let authority: Authority
let server: PostgresServer
before(async () => {
  if (skip) return
  authority = await Authority.make()
  server = await PostgresServer.start()
  await speaksTls(authority.certify('DNS:localhost'))
})
after(async () => {
  await server?.[Symbol.asyncDispose]()
  await authority?.[Symbol.asyncDispose]()
})

async function ask(url: string, statement: string): Promise<Record<string, unknown>> {
  const client = new pg.Client(connectionConfig(url))
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(statement)).rows[0] ?? {}
  } finally {
    await client.end().catch(() => {})
  }
}

/** From now on it speaks TLS with this certificate to those who ask for it. It takes a key only if the key is its own. */
async function speaksTls({ certificate, key }: Certified): Promise<void> {
  const { uid, gid } = statSync(server.directory)
  const own = { ssl_cert_file: certificate, ssl_key_file: key }
  for (const [setting, file] of Object.entries(own)) {
    const copy = join(server.directory, setting)
    copyFileSync(file, copy)
    chownSync(copy, uid, gid)
    await ask(server.url(), `ALTER SYSTEM SET ${setting} = '${copy}'`)
  }
  await ask(server.url(), 'ALTER SYSTEM SET ssl = on')
  const { at } = await ask(server.url(), 'SELECT pg_conf_load_time()::text AS at')
  await ask(server.url(), 'SELECT pg_reload_conf()')
  const isRead = `SELECT pg_conf_load_time() > '${at}' AS read`
  while (!(await ask(server.url(), isRead)).read) await new Promise(resolve => setTimeout(resolve, 10))
}

const addressWith = (parameters: string) =>
  `${server.url().replace('127.0.0.1', 'localhost').replace('confab@', 'confab:canary@')}${parameters && `?${parameters}`}`

/** Whether a connection at an address with these parameters is over TLS; else why there is none. */
async function overTls(parameters: string): Promise<unknown> {
  const { ssl } = await ask(
    addressWith(parameters),
    'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  )
  return ssl
}

const unknown = /unable to verify the first certificate|self-signed certificate/
const elsewhere = /localhost\. is not in the cert's altnames/

test('what sslmode means in the address of PostgreSQL', { skip }, async () => {
  const ca = `sslrootcert=${authority.path}`
  for (const parameters of ['', 'sslmode=disable']) assert.equal(await overTls(parameters), false, parameters)
  const taken = [
    'sslmode=no-verify',
    `sslmode=verify-full&${ca}`,
    `sslmode=require&${ca}`,
    'uselibpqcompat=true&sslmode=require',
  ]
  for (const parameters of taken) assert.equal(await overTls(parameters), true, parameters)
  for (const mode of ['prefer', 'require', 'verify-ca', 'verify-full'])
    await assert.rejects(overTls(`sslmode=${mode}`), unknown, mode)
  await speaksTls(authority.certify('DNS:elsewhere.example'))
  for (const mode of ['require', 'verify-full'])
    await assert.rejects(overTls(`sslmode=${mode}&${ca}`), elsewhere, mode)
  for (const parameters of ['sslmode=no-verify', `uselibpqcompat=true&sslmode=verify-ca&${ca}`])
    assert.equal(await overTls(parameters), true, parameters)
  await speaksTls(authority.certify('DNS:localhost'))
})

test('a server speaks TLS on all its connections to PostgreSQL, by a CA named by NODE_EXTRA_CA_CERTS', {
  skip,
}, async () => {
  const variables = {
    CONFAB_DATABASE_URL: addressWith('sslmode=verify-full'),
    NODE_EXTRA_CA_CERTS: authority.path,
  }
  await using it = await TestProcess.serving({ variables })
  assert.equal((await fetch(`${it.url}/readyz`)).status, 200)
  // A node serves when it holds its database; what it writes by comes about meanwhile.
  const writing = 5
  const look = () =>
    ask(
      server.url(),
      `SELECT count(*)::int AS all, count(*) FILTER (WHERE NOT s.ssl)::int AS plain
       FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) WHERE a.application_name = 'confab' AND a.pid <> pg_backend_pid()`,
    )
  let { all, plain } = await look()
  while (plain === 0 && Number(all) < 1 + writing) {
    await new Promise(resolve => setTimeout(resolve, 20))
    ;({ all, plain } = await look())
  }
  assert.equal(plain, 0)
})

test('a certificate that is not taken, and a CA that cannot be read, are told at the start and by the doctor, without the password', {
  skip,
}, async () => {
  const cases = [
    { parameters: 'sslmode=verify-full', told: /its CA is not known here: name it by NODE_EXTRA_CA_CERTS/ },
    {
      parameters: 'sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      told: /no such file.*\/nowhere\/ca\.pem/,
    },
  ]
  for (const { parameters, told } of cases) {
    const variables = { CONFAB_DATABASE_URL: addressWith(parameters) }
    await using start = await TestProcess.run(['start', '--port', '0'], { variables })
    assert.equal(await start.ended(), 1)
    await using doctor = await TestProcess.run(['doctor', '--port', '0'], { variables })
    assert.equal(await doctor.ended(), 1)
    const lines = `${start.err}\n${doctor.out}`.split('\n').filter(line => told.test(line))
    assert.equal(lines.length, 2, start.err + doctor.out)
    assert.doesNotMatch(start.err + start.out + doctor.err + doctor.out, /canary|\n +at /)
  }
})
