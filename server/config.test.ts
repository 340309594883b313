import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Config } from './config.ts'
import { readConfig, settings } from './config.ts'
import { s3Of } from './s3-settings.ts'
import { tracingOf } from './tracing-settings.ts'

function read(flags: Record<string, string>, variables: Record<string, string> = {}): Config {
  const got = readConfig(flags, variables)
  assert.ok('config' in got, 'wrong' in got ? got.wrong.join(' ') : '')
  return got.config
}

function wrong(flags: Record<string, string>, variables: Record<string, string> = {}): readonly string[] {
  const got = readConfig(flags, variables)
  assert.ok('wrong' in got, 'it was taken')
  return got.wrong
}

test('with nothing set, Confab listens on port 3000 of this machine and keeps ./data', () => {
  const config = read({})
  assert.equal(config.port, 3000)
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.url, null)
  assert.equal(config.data, `${process.cwd()}/data`)
  assert.equal(config.databaseUrl, null)
  assert.equal(config.redisUrl, null)
  assert.equal(config.setupCode, null)
  assert.equal(config.log, 'info')
  assert.equal(config.limits, 'on')
  assert.equal(config.trustedProxies.check('127.0.0.1'), false)
})

test('a flag goes before its variable, and an empty variable is an unset one', () => {
  assert.equal(read({ port: '4000' }, { PORT: '5000' }).port, 4000)
  assert.equal(read({}, { PORT: '5000' }).port, 5000)
  assert.equal(read({}, { PORT: '', CONFAB_URL: '' }).port, 3000)
})

const refused: Record<string, readonly string[]> = {
  PORT: ['65536', '-1', '3000a', '1e3', '0x10', ' '],
  HOST: ['a b', 'http://x', '-', 'x/y'],
  CONFAB_URL: [
    'chat.example.org',
    'ftp://x',
    'https://x/path',
    'https://x/?q',
    'https://u:p@x',
    'https://x/#a',
  ],
  CONFAB_REDIS_URL: ['127.0.0.1:6379', 'http://x', 'redis:', 'redis://x/name', 'redis://x?a=b'],
  CONFAB_DATABASE_URL: ['127.0.0.1:5432/confab', 'mysql://x/y', 'postgres', './data', 'http://x'],
  CONFAB_SETUP_CODE: ['123456789012345', 'sixteen charact\u00e9rs', 'with a space in it', 'x'.repeat(201)],
  CONFAB_DATA: ['a\0b', '~somebody/data'],
  CONFAB_LOG: ['loud', 'INFO'],
  CONFAB_LIMITS: ['no', 'true'],
  CONFAB_LIMIT_MESSAGES: ['0', '-1', '1.5', '100001', 'many'],
  CONFAB_LIMIT_SIGN_UPS: ['0', '01'],
  CONFAB_S3_ENDPOINT: ['s3.example.org', 'https://s3.example.org/path', 'ftp://x', 'https://u:p@x'],
  CONFAB_S3_BUCKET: ['ab', 'UPPER', 'a/b', 'a b', '-ab'],
  CONFAB_S3_REGION: ['a b', 'a/b'],
  CONFAB_S3_ACCESS_KEY_ID: ['a/b', 'a,b', 'a b'],
  CONFAB_S3_SECRET_ACCESS_KEY: ['with a space', 'x'.repeat(257)],
  CONFAB_S3_PREFIX: ['/a', '../a', 'a//b', 'a/../b', 'a?b', '.'],
  CONFAB_S3_STYLE: ['dns', 'PATH'],
  CONFAB_METRICS_PORT: ['65536', 'x', '-1'],
  CONFAB_METRICS_HOST: ['a b', '-x'],
  OTEL_EXPORTER_OTLP_ENDPOINT: ['127.0.0.1:4318', 'grpc://x:4317', 'http://u:p@x'],
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ['/v1/traces'],
  OTEL_RESOURCE_ATTRIBUTES: ['a', '=b', 'a=%', 'a=%0a', 'a=\u00e9'],
  OTEL_TRACES_SAMPLER: ['sometimes', 'ALWAYS_ON'],
  OTEL_TRACES_SAMPLER_ARG: ['1.1', '-0.1', 'half'],
  CONFAB_TRUSTED_PROXIES: ['proxy', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/8/8', '::/129', '1.2.3'],
}

for (const [variable, values] of Object.entries(refused)) {
  test(`${variable} of a wrong form is refused with a sentence that names it and what would be right`, () => {
    const { expects, flag } = Object.values(settings).find(one => one.variable === variable) ?? assert.fail()
    for (const value of values) {
      const [sentence = '', ...more] = wrong({}, { [variable]: value })
      assert.ok(sentence.startsWith(`${variable} is `) && sentence.includes(expects), sentence)
      assert.deepEqual(more, [])
      assert.ok(wrong({ [flag]: value })[0]?.startsWith(`--${flag} is `))
    }
  })
}

test('every wrong setting is told at once', () => {
  assert.equal(wrong({}, { PORT: 'x', CONFAB_LOG: 'y' }).length, 2)
})

test('an address of PostgreSQL is kept as it is written', () => {
  for (const url of [
    'postgres://confab:p%40ss@db:5432/confab?sslmode=require',
    'postgresql:///confab?host=/run',
  ])
    assert.equal(read({}, { CONFAB_DATABASE_URL: url }).databaseUrl, url)
})

test('traces go below the endpoint, or to their own address; a key for the collector of a wrong form is not repeated', () => {
  const url = (flags: Record<string, string>) => tracingOf(read(flags))?.url
  assert.equal(url({}), undefined)
  assert.equal(url({ 'otlp-endpoint': 'http://127.0.0.1:4318' }), 'http://127.0.0.1:4318/v1/traces')
  assert.equal(url({ 'otlp-endpoint': 'https://x.example/otlp/' }), 'https://x.example/otlp/v1/traces')
  const own = { 'otlp-endpoint': 'http://a', 'otlp-traces-endpoint': 'http://b/c' }
  assert.equal(url(own), 'http://b/c')
  assert.deepEqual(read({ 'otlp-headers': 'a=b%20c, x-key = 1=2' }).otlpHeaders, { a: 'b c', 'x-key': '1=2' })
  assert.doesNotMatch(wrong({ 'otlp-headers': 'canary' }).join(), /canary/)
})

test('an address of Redis is kept as it is written', () => {
  for (const url of [
    'redis://127.0.0.1:6379',
    'rediss://confab:p%40ss@redis.example.org/2',
    'redis://[::1]/',
  ])
    assert.equal(read({}, { CONFAB_REDIS_URL: url }).redisUrl, url)
})

test('a secret of a wrong form is not repeated, nor a password in an address', () => {
  const secrets = {
    'setup-code': 'canary',
    's3-secret-access-key': 'ca nary canary',
    's3-access-key-id': 'a canary',
  }
  assert.doesNotMatch(wrong(secrets).join(), /canary/)
  for (const name of ['database-url', 'redis-url'])
    assert.doesNotMatch(wrong({ [name]: 'mysql://confab:canary@db/confab' }).join(), /canary/)
  for (const name of ['url', 's3-endpoint'])
    assert.match(wrong({ [name]: 'https://alice:canary@host' }).join(), /"https:\/\/\[secret\]@host"/)
})

test('storage of files is set whole or not at all: what is missing is named, and nothing of what is there', () => {
  const all = {
    CONFAB_S3_ENDPOINT: 'https://s3.example.org',
    CONFAB_S3_BUCKET: 'confab',
    CONFAB_S3_REGION: 'eu-central-1',
    CONFAB_S3_ACCESS_KEY_ID: 'canary-key',
    CONFAB_S3_SECRET_ACCESS_KEY: 'canary-secret',
  }
  assert.equal(s3Of(read({}))?.s3Bucket, undefined)
  assert.equal(s3Of(read({}, all))?.s3Bucket, 'confab')
  for (const missing of Object.keys(all)) {
    const [sentence = '', ...more] = wrong({}, { ...all, [missing]: '' })
    assert.match(sentence, new RegExp(`but ${missing} is not set`))
    assert.doesNotMatch(sentence, /canary/)
    assert.deepEqual(more, [])
  }
  assert.match(wrong({ 's3-prefix': 'a/' }).join(), /CONFAB_S3_ENDPOINT, .* are not set/)
})

test('a variable that begins with CONFAB_ and sets nothing is refused', () => {
  assert.match(wrong({}, { CONFAB_PROT: '1' }).join(), /CONFAB_PROT is no setting/)
})

test('limits are switched off on a loopback host only', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
    assert.equal(read({ host, limits: 'off' }).limits, 'off')
  for (const host of ['0.0.0.0', '::', '192.168.1.2', 'chat.example.org', '127.example.org'])
    assert.match(wrong({ host, limits: 'off' }).join(), /CONFAB_LIMITS is off.*loopback/)
})

test('an address is kept as its origin, and trusted networks tell who is in them', () => {
  assert.equal(read({ url: 'https://Chat.Example.org:443/' }).url?.origin, 'https://chat.example.org')
  const { trustedProxies } = read({ 'trusted-proxies': '10.0.0.0/8, ::1' })
  assert.equal(trustedProxies.check('10.1.2.3'), true)
  assert.equal(trustedProxies.check('11.1.2.3'), false)
  assert.equal(trustedProxies.check('::1', 'ipv6'), true)
})

test('docs/OPERATIONS.md has a row for each setting, as it is', () => {
  const text = readFileSync(new URL('../docs/OPERATIONS.md', import.meta.url), 'utf8')
  for (const { variable, flag, unset, does } of Object.values(settings))
    assert.ok(
      text.includes(`| \`${variable}\` | \`--${flag}\` | ${unset ? `\`${unset}\`` : ''} | ${does} |`),
      variable,
    )
})

test("a directory may begin with ~, which is one's own home directory", () => {
  const data = (text: string) => read({}, { CONFAB_DATA: text }).data
  assert.equal(data('~'), homedir())
  assert.equal(data('~/confab'), join(homedir(), 'confab'))
  assert.equal(read({ data: '~/confab' }).data, join(homedir(), 'confab'))
  assert.equal(data('/srv/~/confab'), '/srv/~/confab')
})

test('the paths of certificates in the address of PostgreSQL may begin with ~', () => {
  const address = 'postgres://confab@db/confab?sslmode=verify-full&sslrootcert=~/ca.pem&sslcert=/srv/~/a.pem'
  assert.equal(
    read({}, { CONFAB_DATABASE_URL: address }).databaseUrl,
    address.replace('=~/', `=${encodeURI(homedir())}/`),
  )
})
