import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { MessageId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import { password, TestServer } from '../support/app.ts'
import { Collector } from '../support/collector.ts'
import { freePort } from '../support/free-port.ts'
import { TestSocket } from '../support/socket.ts'

const examples = join(import.meta.dirname, '..', '..', 'deploy')

/** A proxy of deploy/, with its own words but for names and ports. */
interface Proxy {
  readonly name: string
  readonly program: string
  readonly scheme: 'http' | 'https'
  /** Writes its files, and answers the arguments that check them and those that run it. */
  set(
    folder: string,
    at: { port: number; node: number; nobody: number },
  ): Promise<{ check: string[]; run: string[] }>
}

const caddy: Proxy = {
  name: 'Caddy',
  program: 'caddy',
  scheme: 'http',
  async set(folder, { port, node, nobody }) {
    const text = replaced(await readFile(join(examples, 'caddy', 'Caddyfile'), 'utf8'), [
      [
        'chat.example.org {',
        `{\n\tadmin off\n\tauto_https off\n}\nhttp://localhost:${port} {\n\tbind 127.0.0.1`,
      ],
      ['127.0.0.1:3001', `127.0.0.1:${nobody}`],
      ['127.0.0.1:3002', `127.0.0.1:${node}`],
    ])
    const file = join(folder, 'Caddyfile')
    await writeFile(file, text)
    const given = ['--config', file, '--adapter', 'caddyfile']
    return { check: ['validate', ...given], run: ['run', ...given] }
  },
}

const nginx: Proxy = {
  name: 'nginx',
  program: 'nginx',
  scheme: 'https',
  async set(folder, { port, node, nobody }) {
    const text = replaced(await readFile(join(examples, 'nginx', 'confab.conf'), 'utf8'), [
      ['127.0.0.1:3001', `127.0.0.1:${nobody}`],
      ['127.0.0.1:3002', `127.0.0.1:${node}`],
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['listen 80', `listen 127.0.0.1:${await freePort()}`],
      ['/etc/ssl/confab', folder],
    ])
    await writeFile(join(folder, 'confab.conf'), text.replaceAll('chat.example.org', 'localhost'))
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      one => `${one}_temp_path ${folder};`,
    )
    const main = join(folder, 'nginx.conf')
    const http = `access_log off; ${paths.join(' ')} include ${join(folder, 'confab.conf')};`
    const user = process.getuid?.() === 0 ? 'user root;' : ''
    await writeFile(
      main,
      `${user} daemon off; pid ${folder}/pid; error_log stderr; events {} http { ${http} }\n`,
    )
    certify(folder)
    setDefaultCACertificates([...getCACertificates(), await readFile(join(folder, 'fullchain.pem'), 'utf8')])
    const given = ['-p', folder, '-e', 'stderr', '-c', main]
    return { check: ['-t', ...given], run: given }
  },
}

/** Every word to be replaced is there, so that the example cannot change away from its test. */
function replaced(text: string, words: readonly (readonly [string, string])[]): string {
  return words.reduce((all, [from, to]) => {
    assert.ok(all.includes(from), from)
    return all.replaceAll(from, to)
  }, text)
}

function certify(folder: string): void {
  const out = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...out], {
    stdio: 'pipe',
  })
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    assert.equal(child.exitCode, null, 'the proxy ended')
    const socket = connect(port, '127.0.0.1')
    const heard = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (heard) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** A request from another address of this machine, which the proxy is to pass on. */
async function askFrom(
  localAddress: string,
  url: string,
  { body, ...options }: http.RequestOptions & { body?: string } = {},
): Promise<http.IncomingMessage> {
  const { request } = url.startsWith('https') ? https : http
  const asked = request(url, { ...options, localAddress, family: 4 })
  asked.end(body)
  const [response] = (await once(asked, 'response')) as [http.IncomingMessage]
  response.resume()
  return response
}

async function signInFrom(localAddress: string, url: string, username: string): Promise<void> {
  const headers = { origin: url, 'content-type': 'application/json' }
  const body = JSON.stringify({ username, password })
  const response = await askFrom(localAddress, `${url}/api/sign-in`, { method: 'POST', headers, body })
  assert.equal(response.statusCode, 200)
}

/** What many at another address are answered meanwhile. */
async function othersGet(url: string): Promise<(number | undefined)[]> {
  const answers = Array.from({ length: 10 }, () => askFrom('127.0.0.9', `${url}/api/workspace`))
  return (await Promise.all(answers)).map(({ statusCode }) => statusCode)
}
const allWell = Array.from({ length: 10 }, () => 200)

for (const proxy of [caddy, nginx]) {
  const version = { caddy: 'version', nginx: '-v' }[proxy.program] ?? '--version'
  const missing = spawnSync(proxy.program, [version]).error ? `${proxy.program} is not installed` : false

  test(`behind ${proxy.name} as in deploy/, with one of two nodes gone, people talk over a socket`, {
    skip: missing,
    timeout: 120_000,
  }, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'confab-proxy-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const port = await freePort()
    const url = `${proxy.scheme}://localhost:${port}`
    await using collector = await Collector.open()
    const tracing = { 'otlp-endpoint': collector.url }
    const flags = { url, 'trusted-proxies': '127.0.0.1', limits: 'on', ...tracing }
    await using server = await TestServer.bare(flags)
    const at = { port, node: server.app.port, nobody: await freePort() }
    const { check, run } = await proxy.set(folder, at)
    execFileSync(proxy.program, check, { stdio: 'pipe' })
    const child = spawn(proxy.program, run, { stdio: 'ignore', env: { ...process.env, HOME: folder } })
    t.after(async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    })
    await listening(port, child)

    const alice = await server.setUp('alice')
    const bob = await server.signUp('bob')
    const room = await alice.room('Proxied', 'private', [bob])
    using socket = await TestSocket.in(url, { cookie: bob.cookie, origin: url })
    assert.equal(socket.raw.protocol, 'confab.v1')
    const said = await alice.says(room, 'Can you hear me?')
    await socket.until(roomTopic(room), said.seq)
    const answer = await socket.call('messages.post', { id: newId<MessageId>(), room, text: 'I can.' })
    assert.ok('ok' in answer, JSON.stringify(answer))

    const elsewhere = new TestSocket(url, { cookie: bob.cookie, origin: 'https://mallory.example' })
    assert.equal(await elsewhere.opened(), 403)
    await signInFrom('127.0.0.9', url, 'bob')
    const { sessions } = await bob.call('sessions.list', {})
    assert.ok(
      sessions.some(one => one.address === '127.0.0.9'),
      JSON.stringify(sessions),
    )

    const headers = { 'x-request-id': 'made-up', traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` }
    const numbered = await askFrom('127.0.0.9', `${url}/api/workspace`, { headers })
    assert.match(`${numbered.headers['x-request-id']}`, /^[\da-f-]{32,36}$/)

    const idle = Array.from({ length: limits.unnamedSocketsAnAddress + 20 }, () => new TestSocket(url))
    t.after(() => idle.forEach(one => void one.raw.terminate()))
    const opened = await Promise.all(idle.map(one => one.opened()))
    assert.equal(opened.filter(one => one === 429).length, 20)
    assert.deepEqual(await othersGet(url), allWell)
    server.app.sockets.refuse()
    using late = new TestSocket(url)
    assert.equal(await late.opened(), 503)
    assert.deepEqual(await othersGet(url), allWell)

    await server.app[Symbol.asyncDispose]()
    assert.ok(collector.spans.length > 0)
    assert.deepEqual(
      collector.spans.filter(({ traceId }) => traceId === 'ab'.repeat(16)),
      [],
    )
  })
}
