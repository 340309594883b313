import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkRedis, versionIn } from '../../server/cli/doctor/redis.ts'
import { assertOne, assertWell } from '../support/findings.ts'
import { RedisServer, redisThatCannotSave } from '../support/redis-server.ts'

const monotonic = () => performance.now()
const looked = (url: string) => checkRedis(url, monotonic)

test('a Redis that carries messages is well, whatever it may throw away', async () => {
  await using server = await RedisServer.start([
    '--maxmemory',
    '10mb',
    '--maxmemory-policy',
    'allkeys-random',
  ])
  assertWell(await looked(server.url))
})

test('one that nobody runs, one that stands still and one that wants a password are told', async () => {
  await using server = await RedisServer.start()
  await server.command('CONFIG', 'SET', 'requirepass', 'canary')
  assertOne(await looked(server.url), 'fail', /NOAUTH/, /CONFAB_REDIS_URL/)
  const wrong = server.url.replace('//', '//:another@')
  assertOne(await looked(wrong), 'fail', /WRONGPASS|invalid/, /password/)
  assertWell(await looked(server.url.replace('//', '//:canary@')))
  server.pause()
  assertOne(await looked(server.url), 'fail', /in time|timeout/i, /See that it runs/)
  server.resume()
  await server.kill()
  assertOne(await looked(server.url), 'fail', /ECONNREFUSED/, /See that it runs/)
})

test('one whose user may not publish is told', async () => {
  await using server = await RedisServer.start()
  await server.command('ACL', 'SETUSER', 'mute', 'on', '>word', '+@all', '-publish', '&*')
  const url = server.url.replace('//', '//mute:word@')
  assertOne(await looked(url), 'fail', /carries no message.*publish/i, /ACL/)
})

test('one that is a replica is told', async () => {
  await using primary = await RedisServer.start()
  await using replica = await RedisServer.start(['--replicaof', `127.0.0.1 ${primary.port}`])
  assertOne(await looked(replica.url), 'warn', /It is a replica/, /name the primary/)
  assertWell(await looked(primary.url))
})

test('one that cannot write to its disk is told', async () => {
  await using server = await redisThatCannotSave()
  assertOne(await looked(server.url), 'warn', /ping with an error: MISCONF/, /See to what it says/)
})

test('one that is far is told', async () => {
  await using server = await RedisServer.start()
  let asked = 0
  const findings = await checkRedis(server.url, () => performance.now() + 50 * asked++)
  assertOne(findings, 'warn', /answers within [5-9]\d/, /closer/)
})

test('one that is too old is told, and Valkey is called by its name', () => {
  assertOne([versionIn('redis_version:5.0.14\r\n')], 'fail', /Redis 5\.0\.14/, /Upgrade/)
  const valkey = versionIn('redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0\r\n')
  assert.deepEqual([valkey.is, valkey.says], ['ok', 'It is Valkey 8.1.0.'])
})
