import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import type { AvatarId } from '../../contract/ids.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { account, S3Server } from '../support/s3-server.ts'

let storage: S3Server
let server: TestServer
let alice: Person
let avatar: AvatarId

before(async () => {
  storage = await S3Server.start()
  server = await TestServer.bare({
    's3-endpoint': `http://127.0.0.1:${storage.port}`,
    's3-bucket': 'confab',
    's3-region': 'eu-central-1',
    's3-access-key-id': account.s3AccessKeyId,
    's3-secret-access-key': account.s3SecretAccessKey,
    's3-prefix': 'pictures/',
  })
  alice = await server.setUp('alice')
  const body = await sharp({ create: { width: 600, height: 600, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  const headers = { 'content-type': 'image/png' }
  const response = await alice.fetch('/api/me/avatar', { method: 'PUT', headers, body: new Uint8Array(body) })
  avatar = ((await response.json()) as { avatar: AvatarId }).avatar
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await storage[Symbol.asyncDispose]()
})

test('with storage set, a picture is there and not on the disk, and comes from Confab and by no redirect', async () => {
  const put = storage.passed.filter(one => one.method === 'PUT').map(one => one.url)
  const pictures = put.filter(url => /^\/confab\/pictures\/[\da-f]{64}$/.test(url))
  assert.equal(new Set(pictures).size, 3)
  assert.ok(!(await readdir(server.directory)).includes('files'))
  const response = await alice.fetch(`/files/${avatar}/128.webp`)
  assert.equal(response.status, 200)
  assert.equal((await sharp(await response.arrayBuffer()).metadata()).width, 128)
  assert.equal(response.headers.get('location'), null)
  assert.doesNotMatch(JSON.stringify([...response.headers]), new RegExp(`${storage.port}|amz`))
})

test('a picture that the browser has is not read from the storage again', async () => {
  const path = `/files/${avatar}/48.webp`
  const tag = (await alice.fetch(path)).headers.get('etag') ?? ''
  storage.passed.length = 0
  assert.equal((await alice.fetch(path, { headers: { 'if-none-match': tag } })).status, 304)
  assert.deepEqual(storage.passed, [])
})

test('while the storage is gone, a picture is told to be unavailable, and people go on talking', async () => {
  await storage.shut()
  const response = await alice.fetch(`/files/${avatar}/512.webp`)
  const { error } = (await response.json()) as { error: { code: string } }
  assert.deepEqual([response.status, error.code], [503, 'unavailable'])
  const room = await alice.room('Still here')
  await alice.says(room, 'hello')
  await storage.open()
  assert.equal((await alice.fetch(`/files/${avatar}/512.webp`)).status, 200)
})
