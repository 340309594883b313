import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { checkAddress } from '../../server/cli/doctor/address.ts'
import { readConfig } from '../../server/config.ts'
import { TestServer } from '../support/app.ts'
import { assertOne, assertWell } from '../support/findings.ts'
import { freePort } from '../support/free-port.ts'

async function looked(flags: Record<string, string>) {
  const read = readConfig(flags, {})
  assert.ok('config' in read, JSON.stringify(read))
  return checkAddress(read.config)
}

async function other(t: TestContext, answer: (path: string) => number): Promise<string> {
  const server = createServer((asked, response) => void response.writeHead(answer(asked.url ?? '')).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => void server.close())
  return String((server.address() as AddressInfo).port)
}

test('a free port is well, and so is that of a Confab which a socket reaches', async () => {
  const port = String(await freePort())
  assertWell(await looked({ port }))
  await using server = await TestServer.bare({ port, url: `http://localhost:${port}` })
  const findings = await looked({ port, url: server.url })
  assertWell(findings)
  assert.ok(findings.some(one => /WebSocket comes through/.test(one.says)))
})

test('a port that something else uses, one that is not ready, and a host that is not ours are told', async t => {
  assertOne(await looked({ port: await other(t, () => 404) }), 'fail', /by no Confab/, /Set PORT/)
  const starting = await other(t, path => (path === '/healthz' ? 200 : 503))
  assertOne(await looked({ port: starting }), 'fail', /not ready/, /log/)
  assertOne(
    await looked({ host: '192.0.2.1', url: 'http://localhost' }),
    'fail',
    /192\.0\.2\.1.*EADDRNOTAVAIL/,
    /Set HOST/,
  )
})

test('an address that leads nowhere is told', async () => {
  const port = String(await freePort())
  assertOne(
    await looked({ port, url: 'http://nowhere.invalid' }).then(all =>
      all.filter(one => !/http:/.test(one.says)),
    ),
    'fail',
    /not found/,
    /nowhere\.invalid/,
  )
})

test('https without a proxy that is trusted, and http on a network, are told', async () => {
  const port = String(await freePort())
  const https = { port, url: 'https://localhost' }
  assertOne(await looked(https), 'warn', /no proxy is trusted/, /CONFAB_TRUSTED_PROXIES/)
  assertWell(await looked({ ...https, 'trusted-proxies': '127.0.0.1' }))
  assertOne(await looked({ port, url: 'http://192.0.2.1' }), 'warn', /readable/, /https/)
  assertOne(await looked({ port, host: '0.0.0.0' }), 'warn', /CONFAB_URL is unset/, /Set CONFAB_URL/)
})

test('a proxy that passes no upgrade is told', async t => {
  const port = String(await freePort())
  const deaf = await other(t, () => 426)
  await using _server = await TestServer.bare({ port, url: `http://localhost:${deaf}` })
  assertOne(
    await looked({ port, url: `http://localhost:${deaf}` }),
    'fail',
    /No WebSocket.*(426|200)/,
    /pass upgrades/,
  )
})
