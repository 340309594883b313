import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { isShared, openMedia, partsOf, pathOfAddress } from '../../server/cli/import/django/media.ts'
import { TestServer } from '../support/app.ts'
import { bring, dataOf } from './bring.ts'
import { ChatApp } from './chatapp.ts'

const picture = sharp({
  create: { width: 300, height: 200, channels: 3, background: { r: 200, g: 40, b: 90 } },
})

/** A GIF of two pictures: red, then green. */
async function moving(): Promise<Buffer> {
  const frames = ['#f00', '#0f0'].map(background =>
    sharp({ create: { width: 300, height: 200, channels: 4, background } })
      .png()
      .toBuffer(),
  )
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif()
    .toBuffer()
}

/** Who has a picture, by username, after all was brought. */
async function pictured(
  chat: ChatApp,
): Promise<{ names: string[]; load: (name: string) => Promise<Response> }> {
  await using server = await TestServer.bare({ data: dataOf(chat) })
  const owner = await server.setUp()
  const { users } = await owner.call('users.list', {})
  const having = users.filter(user => user.avatar !== null)
  const bodies = new Map<string, { bytes: ArrayBuffer; status: number; type: string | null }>()
  for (const user of having) {
    const response = await owner.fetch(`/files/${user.avatar}/128.webp`)
    bodies.set(user.username, {
      bytes: await response.arrayBuffer(),
      status: response.status,
      type: response.headers.get('content-type'),
    })
  }
  return {
    names: having.map(user => user.username).sort(),
    load: async name => {
      const { bytes, status, type } = bodies.get(name) ?? { bytes: new ArrayBuffer(0), status: 0, type: '' }
      return new Response(bytes, { status, headers: { 'content-type': type ?? '' } })
    },
  }
}

test('pictures of the five kinds come, of a GIF that moves the first, whatever their files are called, and are shown', async () => {
  using chat = new ChatApp()
  chat.file('profile_pics/a.jpg', await picture.jpeg().toBuffer())
  chat.file('profile_pics/b.jpg', await picture.png().toBuffer())
  chat.file('profile_pics/ümläut d.webp', await picture.webp().toBuffer())
  chat.file('profile_pics/c', await picture.avif().toBuffer())
  chat.file('profile_pics/e.gif', await moving())
  chat.user({ username: 'erin' }, 'profile_pics/e.gif')
  chat.user({ username: 'alice' }, 'profile_pics/a.jpg')
  chat.user({ username: 'bob' }, 'profile_pics/b.jpg')
  chat.user({ username: 'carol' }, 'profile_pics/ümläut d.webp')
  chat.user({ username: 'dan' }, 'profile_pics/c')
  const { report } = await bring(chat)
  assert.match(report, /pictures +5/)
  const { names, load } = await pictured(chat)
  assert.deepEqual(names, ['alice', 'bob', 'carol', 'dan', 'erin'])
  for (const name of names) {
    const shown = await load(name)
    assert.equal(shown.status, 200)
    const { width, height, format } = await sharp(Buffer.from(await shown.arrayBuffer())).metadata()
    assert.deepEqual({ width, height, format }, { width: 128, height: 128, format: 'webp' })
  }
  const gif = Buffer.from(await (await load('erin')).arrayBuffer())
  const { dominant } = await sharp(gif).stats()
  assert.ok(dominant.r > 200 && dominant.g < 60, JSON.stringify(dominant))
})

test("the shared default.jpg is nobody's own, and other files are told of and do not come", async () => {
  using chat = new ChatApp()
  const jpeg = await picture.jpeg().toBuffer()
  chat.file('default.jpg', jpeg)
  chat.file('profile_pics/anim.gif', (await moving()).subarray(0, 20))
  chat.file('profile_pics/x.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
  chat.file('profile_pics/half.jpg', jpeg.subarray(0, 40))
  chat.file('profile_pics/large.jpg', Buffer.concat([jpeg, Buffer.alloc(11 * 1024 * 1024)]))
  for (const [username, image] of [
    ['alice', 'default.jpg'],
    ['bob', 'profile_pics/anim.gif'],
    ['carol', 'profile_pics/x.svg'],
    ['dan', 'profile_pics/half.jpg'],
    ['erin', 'profile_pics/large.jpg'],
    ['frank', 'profile_pics/gone.jpg'],
    ['grace', ''],
  ] as const)
    chat.user({ username }, image)
  const { report } = await bring(chat)
  assert.match(report, /Pictures that do not come \(5\)/)
  assert.doesNotMatch(report, /default\.jpg/)
  assert.match(report, /anim\.gif" of bob is no JPEG, PNG, WebP, AVIF or GIF/)
  assert.match(report, /x\.svg" of carol is no JPEG/)
  assert.match(report, /half\.jpg" of dan is no JPEG, PNG, WebP, AVIF or GIF, or is broken/)
  assert.match(report, /large\.jpg" of erin is larger than 10 MB/)
  assert.match(report, /gone\.jpg" of frank is not in the media folder/)
  assert.deepEqual((await pictured(chat)).names, [])
})

test('nothing is read from outside the media folder, and nothing through a link', async () => {
  using chat = new ChatApp()
  const png = await picture.png().toBuffer()
  writeFileSync(join(chat.folder, 'secret.png'), png)
  mkdirSync(join(chat.folder, 'other'))
  writeFileSync(join(chat.folder, 'other', 'p.png'), png)
  chat.file('own.png', png)
  symlinkSync(join(chat.folder, 'secret.png'), join(chat.media, 'link.png'))
  symlinkSync('own.png', join(chat.media, 'inner.png'))
  symlinkSync(join(chat.folder, 'other'), join(chat.media, 'folder'))
  mkdirSync(join(chat.media, 'dir.png'))
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(chat.media, 'pipe.png')])
  const images = [
    'link.png',
    'inner.png',
    'folder/p.png',
    '../secret.png',
    'x/../../secret.png',
    join(chat.folder, 'secret.png'),
    './own.png',
    'own.png/',
    'dir.png',
    'pipe.png',
    'own.png\0.jpg',
  ]
  for (const [n, image] of images.entries()) chat.user({ username: `user${n}` }, image)
  const { report } = await bring(chat)
  assert.match(report, /pictures +0/)
  assert.match(report, /Pictures that do not come \(11\)/)
  for (const name of ['link.png', 'inner.png', 'folder/p.png'])
    assert.ok(report.includes(`"${name}" of user${images.indexOf(name)} is reached through a link.`), name)
  assert.match(report, /"\.\.\/secret\.png" of user3 does not lie in the media folder/)
  assert.match(report, /"pipe\.png" of user9 is not an ordinary file/)
  assert.deepEqual(
    readdirSync(join(dataOf(chat), 'files')).filter(name => name.length === 64),
    [],
  )
})

test('the media folder itself may be named by a link, and its files may have other names elsewhere', async () => {
  using chat = new ChatApp()
  const png = await picture.png().toBuffer()
  chat.file('own.png', png)
  linkSync(join(chat.media, 'own.png'), join(chat.folder, 'backup.png'))
  symlinkSync(chat.media, join(chat.folder, 'media-link'))
  const found = openMedia(join(chat.folder, 'media-link')).picture('own.png')
  assert.ok('bytes' in found && found.bytes.equals(png))
})

test('an author without an account has the picture that their last message shows', async () => {
  using chat = new ChatApp()
  chat.file('profile_pics/gh ost.png', await picture.png().toBuffer())
  chat.user({ username: 'alice' })
  chat.message({ username: 'ghost', profile_pic: '/media/default.jpg' })
  chat.message({ username: 'ghost', profile_pic: '/media/profile_pics/gh%20ost.png' })
  chat.message({ username: 'alice', profile_pic: '/media/profile_pics/gh%20ost.png' })
  chat.message({ username: 'spook', profile_pic: 'http://elsewhere.example/p.png' })
  const { report } = await bring(chat)
  assert.match(report, /"http:\/\/elsewhere\.example\/p\.png" of spook does not lie in the media folder/)
  assert.deepEqual((await pictured(chat)).names, ['ghost'])
})

test('a media folder that is not there is refused, and without one no picture comes', async () => {
  using chat = new ChatApp()
  chat.user({ username: 'alice' }, 'profile_pics/a.jpg')
  const { code, problem } = await bring(chat, '--media', join(chat.folder, 'nowhere'))
  assert.equal(code, 1)
  assert.match(problem, /There is no folder .*nowhere\./)
})

test('a dry run reads the pictures and keeps none', async () => {
  using chat = new ChatApp()
  chat.file('a.png', await picture.png().toBuffer())
  chat.user({ username: 'alice' }, 'a.png')
  chat.user({ username: 'bob' }, 'b.png')
  const { report } = await bring(chat, '--dry-run')
  assert.match(report, /pictures +1/)
  assert.match(report, /"b\.png" of bob is not in the media folder/)
  assert.deepEqual(readFileSync(join(chat.media, 'a.png')), await picture.png().toBuffer())
})

test('only a path that leads down is a path', () => {
  for (const path of ['', '/', '/etc/passwd', 'a//b', 'a/..', '..', 'a\\b', 'C:/a', 'a\0'])
    assert.equal(partsOf(path), null, path)
  assert.deepEqual(partsOf('profile_pics/a b.png'), ['profile_pics', 'a b.png'])
  assert.equal(pathOfAddress('/media/a%2e%2e/b.png'), 'a../b.png')
  assert.equal(pathOfAddress('/media/100%.png'), '100%.png')
  assert.ok(isShared('default.jpg') && isShared('profile_pics/default.PNG') && !isShared('mydefault.jpg'))
})
