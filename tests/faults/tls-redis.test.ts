import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Certified } from '../support/certificates.ts'
import { Authority, noOpenssl } from '../support/certificates.ts'
import { freePort } from '../support/free-port.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { TestProcess } from '../support/process.ts'
import { RedisServer } from '../support/redis-server.ts'

const skip = noOpenssl
const user = 'confab'
/** No more than it must have, as docs/OPERATIONS.md tells. */
const rights = ['resetchannels', '&confab:*', '+@pubsub', '+@connection', '+info']
/** One that has to be encoded in an address. */
const password = 'canary@/:word'

/** A Redis that takes one user, over TLS and, for the test, without. */
async function redisWith({ certificate, key }: Certified) {
  const port = await freePort()
  const tls = ['--tls-port', `${port}`, '--tls-cert-file', certificate, '--tls-key-file', key]
  const server = await RedisServer.start([...tls, '--tls-auth-clients', 'no'])
  await server.command('ACL', 'SETUSER', user, 'on', `>${password}`, ...rights)
  return {
    server,
    port,
    url: `rediss://${user}:${encodeURIComponent(password)}@localhost:${port}/3`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const doctor = async (url: string, more: Record<string, string> = {}) => {
  const variables = { CONFAB_REDIS_URL: url, ...more }
  await using it = await TestProcess.run(['doctor', '--port', '0'], { variables })
  await it.ended()
  return it.out.slice(it.out.search(/^\S+ +redis/m))
}

test('nodes join by a Redis over TLS whose CA is named by NODE_EXTRA_CA_CERTS, as a user and with a number of a database', {
  skip,
}, async () => {
  await using authority = await Authority.make()
  await using redis = await redisWith(authority.certify('DNS:localhost'))
  await using database = await temporaryDatabase()
  const variables = {
    CONFAB_REDIS_URL: redis.url,
    CONFAB_DATABASE_URL: database.url,
    NODE_EXTRA_CA_CERTS: authority.path,
  }
  await using first = await TestProcess.serving({ variables })
  await using second = await TestProcess.serving({ variables })
  for (const { url } of [first, second])
    while (((await (await fetch(`${url}/readyz`)).json()) as { bus: string }).bus !== 'joined')
      await new Promise(resolve => setTimeout(resolve, 20))
  const ours = `${await redis.server.command('CLIENT', 'LIST')}`
    .split('\n')
    .filter(line => line.includes(`user=${user}`))
  assert.equal(ours.length, 4)
  for (const line of ours) assert.match(line, /\bdb=3\b/)
  assert.doesNotMatch(await doctor(redis.url, variables), /FAIL|WARN/i)
})

test('a certificate of a CA that is not known, or of another host, is told at the start and by the doctor, without the password', {
  skip,
}, async () => {
  await using authority = await Authority.make()
  const cases = [
    { name: 'DNS:localhost', known: {}, told: /its CA is not known here: name it by NODE_EXTRA_CA_CERTS/ },
    {
      name: 'DNS:elsewhere.example',
      known: { NODE_EXTRA_CA_CERTS: authority.path },
      told: /localhost\. is not in the cert's altnames/,
    },
  ]
  for (const { name, known, told } of cases) {
    await using redis = await redisWith(authority.certify(name))
    await using database = await temporaryDatabase()
    const variables = { CONFAB_REDIS_URL: redis.url, CONFAB_DATABASE_URL: database.url, ...known }
    await using server = await TestProcess.serving({ variables })
    while (!server.err.includes('No Redis answers')) await new Promise(resolve => setTimeout(resolve, 20))
    assert.match(server.err, told)
    const checked = await doctor(redis.url, variables)
    assert.match(checked, /^FAIL/m)
    assert.match(checked, told)
    assert.doesNotMatch(server.err + server.out + checked, /canary/)
  }
})

test('an address with TLS for a Redis without, and the other way round, is told', { skip }, async () => {
  await using authority = await Authority.make()
  await using redis = await redisWith(authority.certify('DNS:localhost'))
  const advice = /^FAIL.*\n.*rediss:\/\/ where it speaks TLS and only there/m
  assert.match(await doctor(`rediss://localhost:${redis.server.port}`), advice)
  assert.match(await doctor(`redis://localhost:${redis.port}`), advice)
})
