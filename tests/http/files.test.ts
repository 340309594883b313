import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import type { AvatarId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'

let server: TestServer
let alice: Person
let bob: Person
let avatar: AvatarId

const picture = (red: number) =>
  sharp({ create: { width: 800, height: 600, channels: 3, background: { r: red, g: 90, b: 30 } } })
    .png()
    .toBuffer()

const upload = (who: Person, bytes: Uint8Array, type = 'image/png') =>
  who.fetch('/api/me/avatar', { method: 'PUT', headers: { 'content-type': type }, body: Buffer.from(bytes) })

before(async () => {
  server = await TestServer.bare()
  alice = await server.setUp('alice')
  bob = await server.signUp('bob')
  const response = await upload(alice, await picture(200))
  assert.equal(response.status, 200, await response.clone().text())
  avatar = ((await response.json()) as { avatar: AvatarId }).avatar
})
after(() => server[Symbol.asyncDispose]())

test('a picture is served square in each of its sizes to everybody who is signed in, and can do nothing', async () => {
  for (const size of limits.avatarSizes) {
    const response = await bob.fetch(`/files/${avatar}/${size}.webp`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'image/webp')
    assert.equal(
      response.headers.get('content-security-policy'),
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    )
    assert.equal(response.headers.get('cross-origin-resource-policy'), 'same-origin')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(response.headers.get('cache-control'), 'private, no-cache')
    const { width, height, format } = await sharp(await response.arrayBuffer()).metadata()
    assert.deepEqual([width, height, format], [size, size, 'webp'])
  }
})

test('a picture that the browser has is asked for again, and who is asking is checked again', async () => {
  const path = `/files/${avatar}/48.webp`
  const tag = (await bob.fetch(path)).headers.get('etag') ?? ''
  const again = await bob.fetch(path, { headers: { 'if-none-match': tag } })
  assert.deepEqual([again.status, (await again.arrayBuffer()).byteLength], [304, 0])
  const signedOut = await server.nobody.fetch(path, { headers: { 'if-none-match': tag } })
  assert.equal(signedOut.status, 401)
})

test('nobody is served no picture, whether there is one or not, in the same bytes', async () => {
  const bodies = new Set<string>()
  for (const id of [avatar, newId(), 'x', '..']) {
    const response = await server.nobody.fetch(`/files/${id}/48.webp`)
    if (id === '..') continue
    assert.equal(response.status, 401)
    bodies.add(await response.text())
  }
  assert.equal(bodies.size, 1)
})

test('what is no picture, or none in that size, is not found', async () => {
  const paths = [
    `${newId()}/48.webp`,
    `${avatar}/49.webp`,
    `${avatar}/48.png`,
    `${avatar}/048.webp`,
    `${avatar}/48.webp.webp`,
    `x/48.webp`,
    `${avatar}/..%2f48.webp`,
    `${avatar}/constructor.webp`,
  ]
  for (const path of paths) {
    const response = await bob.fetch(`/files/${path}`)
    assert.equal(response.status, 404, path)
    assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'not_found')
  }
})

test('a picture is told by its bytes: its list is named where it is none of them, whatever its type says', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  for (const type of ['image/png', 'image/svg+xml', 'application/octet-stream']) {
    const response = await upload(bob, svg, type)
    const { error } = (await response.json()) as { error: { code: string; field: string; message: string } }
    assert.deepEqual([response.status, error.code, error.field], [415, 'unsupported', 'picture'], type)
    assert.match(error.message, /JPEG.*PNG.*WebP.*AVIF.*GIF/)
  }
  assert.equal((await upload(bob, await picture(9), 'application/octet-stream')).status, 200)
  for (const type of [
    'text/html',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'text/plain',
  ])
    assert.equal((await upload(bob, await picture(9), type)).status, 415, type)
})

test('a picture has at most 10 MB, whatever its length claims to be', async () => {
  const big = new Uint8Array(limits.avatarBytes + 1)
  assert.equal((await upload(bob, big)).status, 413)
  const stream = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < big.length; sent += 1024 * 1024)
        controller.enqueue(big.subarray(sent, sent + 1024 * 1024))
      controller.close()
    },
  })
  const response = await bob.fetch('/api/me/avatar', {
    method: 'PUT',
    headers: { 'content-type': 'image/png' },
    body: stream,
    // Node's fetch needs it of a stream, and the DOM's types do not know it yet.
    ...{ duplex: 'half' },
  })
  assert.equal(response.status, 413)
})

test('a picture that was taken away, or replaced, is gone', async () => {
  const carol = await server.signUp('carol')
  const first = ((await (await upload(carol, await picture(1))).json()) as { avatar: AvatarId }).avatar
  await upload(carol, await picture(2))
  assert.equal((await bob.fetch(`/files/${first}/48.webp`)).status, 404)
  const { me } = await carol.call('me.get', {})
  assert.equal((await bob.fetch(`/files/${me.avatar}/48.webp`)).status, 200)
  await carol.call('me.removeAvatar', {})
  assert.equal((await bob.fetch(`/files/${me.avatar}/48.webp`)).status, 404)
})
