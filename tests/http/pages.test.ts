import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { TestServer } from '../support/app.ts'
import { ask, speak } from '../support/raw-http.ts'

const script = `console.log(${JSON.stringify('x'.repeat(2_000))})`
const files: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html><title>Confab</title>',
  'assets/main-abc123.js': script,
  'assets/font-abc123.woff2': 'wOF2'.repeat(500),
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'manifest.webmanifest': '{}',
  'sw.js': 'self',
  '.vite/manifest.json': '{"canary":1}',
  'index.html.map': 'x',
}

let folder: string
let server: TestServer

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'confab-pages-'))
  await writeFile(join(folder, 'secret.txt'), 'canary')
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, 'web', name, '..'), { recursive: true })
    await writeFile(join(folder, 'web', name), text)
  }
  server = await TestServer.bare({}, { pages: join(folder, 'web') })
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  server.nobody.fetch(path, { method, headers: { 'accept-encoding': 'identity', ...headers } })

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types confab"

test('every address of the app is the page, asked for again each time, under its policy', async () => {
  const id = '0190a1b2-0000-7000-8000-000000000000'
  const paths = [
    '/',
    '/rooms/general',
    `/rooms/${id}/${id}`,
    '/rooms/caf%C3%A9',
    '/browse',
    '/direct/new',
    '/profile',
    '/security',
    '/preferences',
    '/settings',
    '/admin',
    '/admin/people',
    '/?x=1',
  ]
  for (const path of paths) {
    const response = await get(path)
    assert.equal(response.status, 200, path)
    assert.equal(await response.text(), files['index.html'])
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(response.headers.get('content-security-policy'), policy)
    assert.equal(response.headers.get('cache-control'), 'private, no-cache')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  }
})

test('an address that is none is 404: the page to a person, a word to a program', async () => {
  for (const path of [
    '/nothing',
    '/rooms',
    '/rooms/a/b/c',
    '/assets/gone-1.js',
    '/index.html',
    '/INDEX.html',
  ]) {
    const page = await get(path, { accept: 'text/html,*/*' })
    assert.equal(page.status, 404, path)
    assert.equal(await page.text(), files['index.html'])
    assert.equal(page.headers.get('content-security-policy'), policy)
    const word = await get(path, { accept: '*/*' })
    assert.deepEqual([word.status, word.headers.get('content-type')], [404, 'text/plain; charset=utf-8'])
  }
})

test('files with a hash in their name may be kept for ever, all others are asked for again', async () => {
  const kept = await get('/assets/main-abc123.js')
  assert.equal(kept.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.equal(kept.headers.get('content-type'), 'text/javascript; charset=utf-8')
  assert.equal(await kept.text(), script)
  for (const path of ['/', '/icon.svg', '/manifest.webmanifest']) {
    const first = await get(path)
    const tag = first.headers.get('etag') ?? ''
    assert.equal(first.headers.get('cache-control'), path === '/' ? 'private, no-cache' : 'no-cache')
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const again = await get(path, { 'if-none-match': known })
      assert.deepEqual([again.status, await again.text()], [304, ''], known)
      assert.equal(again.headers.get('etag'), tag)
    }
    assert.equal((await get(path, { 'if-none-match': '"x"' })).status, 200)
  }
})

test('what can be squeezed comes as Brotli or gzip to who takes it, each under its own tag', async () => {
  const as = async (accepted: string) => {
    const { port } = server.app
    const raw = await speak(
      port,
      `GET /assets/main-abc123.js HTTP/1.0\r\nHost: localhost:${port}\r\nAccept-Encoding: ${accepted}\r\n\r\n`,
    )
    return (/content-encoding: (\w+)/i.exec(raw)?.[1] ?? 'identity') as 'br' | 'gzip' | 'identity'
  }
  assert.equal(await as('gzip, deflate, br, zstd'), 'br')
  assert.equal(await as('gzip'), 'gzip')
  assert.equal(await as('br;q=0, gzip;q=0.5'), 'gzip')
  assert.equal(await as('br;q=0'), 'identity')
  assert.equal(await as('identity'), 'identity')
  assert.equal(await as('xbr, brx'), 'identity')
  const tags = new Set<string | null>()
  for (const accepted of ['br', 'gzip', 'identity']) {
    const response = await get('/assets/main-abc123.js', { 'accept-encoding': accepted })
    tags.add(response.headers.get('etag'))
    assert.equal(response.headers.get('vary'), 'Accept-Encoding')
    assert.equal(await response.text(), script)
  }
  assert.equal(tags.size, 3)
  const font = await get('/assets/font-abc123.woff2', { 'accept-encoding': 'br' })
  assert.equal(font.headers.get('content-encoding'), null)
})

test('the squeezed bytes are the file', async () => {
  const bytes = async (encoding: string) => {
    const { port } = server.app
    const answer = await ask(port, {
      path: '/assets/main-abc123.js',
      headers: { host: `localhost:${port}`, 'accept-encoding': encoding },
    })
    assert.equal(answer.headers['content-encoding'], encoding)
    assert.equal(Number(answer.headers['content-length']), answer.bytes.length)
    return answer.bytes
  }
  assert.equal(brotliDecompressSync(await bytes('br')).toString(), script)
  assert.equal(gunzipSync(await bytes('gzip')).toString(), script)
})

test('nothing outside of the page is served, by any spelling, nor what the build noted for itself', async () => {
  const { port } = server.app
  const paths = [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/.vite/manifest.json',
    '/%2evite/manifest.json',
    '/assets/%00',
    '/package.json',
    '/__proto__',
    '/constructor',
    '/%',
    '/%ff%fe',
  ]
  for (const path of paths) {
    const answer = await speak(
      port,
      `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 40[04] /, path)
    assert.doesNotMatch(answer, /canary/)
  }
})

test('HEAD of a page tells what GET would', async () => {
  for (const path of ['/', '/assets/main-abc123.js', '/nothing']) {
    const got = await get(path)
    const head = await get(path, {}, 'HEAD')
    assert.equal(await head.text(), '')
    assert.equal(head.status, got.status)
    for (const name of ['content-length', 'content-type', 'etag', 'cache-control'])
      assert.equal(head.headers.get(name), got.headers.get(name), name)
  }
})

test('where the page is not built, the answer says how to build it', async () => {
  await using bare = await TestServer.bare({}, { pages: join(folder, 'nowhere') })
  const response = await bare.nobody.fetch('/')
  assert.equal(response.status, 503)
  assert.match(await response.text(), /npm run build/)
})

test('the service worker is asked for again each time, and may do nothing but ask this origin', async () => {
  const answer = await get('/sw.js')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8')
  assert.equal(answer.headers.get('cache-control'), 'no-cache')
  assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'; connect-src 'self'")
})
