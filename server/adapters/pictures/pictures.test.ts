import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { after, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import type { Picture } from '../../core/ports/pictures.ts'
import { kindOf, PictureProcess } from './pictures.ts'

const pictures = new PictureProcess()
after(() => pictures[Symbol.asyncDispose]())

const drawing = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 30 } } })

const sizesOf = (picture: Picture): Readonly<Record<number, Uint8Array>> => {
  assert.equal(picture.is, 'done')
  return picture.is === 'done' ? picture.sizes : {}
}

const widths = async (picture: Picture): Promise<unknown[]> =>
  Promise.all(
    Object.entries(sizesOf(picture)).map(async ([side, bytes]) => {
      const { width, height, format } = await sharp(bytes).metadata()
      return [Number(side), width, height, format]
    }),
  )

for (const kind of ['jpeg', 'png', 'webp', 'avif', 'gif'] as const)
  test(`a ${kind} becomes a square in three sizes`, async () => {
    const bytes = await drawing(900, 600).toFormat(kind).toBuffer()
    assert.equal(kindOf(bytes), kind)
    assert.deepEqual(await widths(await pictures.square(bytes, 'alice')), [
      [48, 48, 48, 'webp'],
      [128, 128, 128, 'webp'],
      [512, 512, 512, 'webp'],
    ])
  })

test('a small picture is not enlarged', async () => {
  const bytes = await drawing(100, 70).png().toBuffer()
  assert.deepEqual(await widths(await pictures.square(bytes, 'alice')), [
    [48, 48, 48, 'webp'],
    [128, 70, 70, 'webp'],
    [512, 70, 70, 'webp'],
  ])
})

test('the picture is turned as the camera says, and what else the camera said is dropped', async () => {
  const red = { r: 255, g: 0, b: 0 }
  const blue = await sharp({ create: { width: 300, height: 300, channels: 3, background: 'blue' } })
    .png()
    .toBuffer()
  const bytes = await sharp({ create: { width: 600, height: 300, channels: 3, background: red } })
    .composite([{ input: blue, left: 150, top: 0 }])
    .withExif({ IFD0: { Copyright: 'canary', Orientation: '6' }, IFD3: { GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100 })
    .toBuffer()
  const { 512: large = new Uint8Array() } = sizesOf(await pictures.square(bytes, 'alice'))
  const { exif, icc, xmp, orientation, width } = await sharp(large).metadata()
  assert.deepEqual([exif, icc, xmp, orientation, width], [undefined, undefined, undefined, undefined, 300])
  assert.ok(!Buffer.from(large).includes('canary'))
})

test('the first picture of an animation is taken', async () => {
  const frames = await sharp(
    await sharp({ create: { width: 64, height: 128, channels: 3, background: 'green' } })
      .raw()
      .toBuffer(),
    { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } },
  )
    .gif({ delay: [100, 100] })
    .toBuffer()
  const { 48: small = new Uint8Array() } = sizesOf(await pictures.square(frames, 'alice'))
  assert.equal((await sharp(small).metadata()).pages ?? 1, 1)
})

test('mallory has no SVG, TIFF, PDF, HTML or half a picture decoded, whatever it begins like', async () => {
  const tiff = await drawing(40, 40).tiff().toBuffer()
  const jpeg = await drawing(400, 400).jpeg().toBuffer()
  const hostile: (string | Uint8Array)[] = [
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    '%PDF-1.7',
    '<!doctype html><script>alert(1)</script>',
    '',
    'GIF89a<script>alert(1)</script>',
    '\x89PNG\r\n\x1a\n',
    tiff,
    jpeg.subarray(0, jpeg.length / 2),
    Buffer.concat([jpeg.subarray(0, 3), tiff]),
    Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1'),
    Buffer.from('\xff\xff\xff\xffftypavif\0\0\0\0', 'latin1'),
  ]
  for (const bytes of hostile)
    assert.deepEqual(
      await pictures.square(Buffer.from(bytes as Uint8Array), 'alice'),
      { is: 'unsupported' },
      String(bytes.slice(0, 20)),
    )
  const whole = await pictures.square(jpeg, 'alice')
  assert.equal(whole.is, 'done')
})

/** A PNG of a few bytes that says it is this large. */
function flood(width: number, height: number, { interlaced = false } = {}): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, interlaced ? 1 : 0], 8)
  const chunk = (name: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(64))),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts])
}

test('a picture of endless pixels, or of too many bytes, is refused unread', async () => {
  assert.deepEqual(await pictures.square(flood(60_000, 60_000), 'alice'), {
    is: 'too_many_pixels',
    kind: 'a PNG',
    width: 60_000,
    height: 60_000,
    most: 50_000_000,
  })
  assert.deepEqual(await pictures.square(flood(2_000_000_000, 2_000_000_000), 'alice'), { is: 'unsupported' })
  assert.deepEqual(await pictures.square(new Uint8Array(10 * 1024 * 1024 + 1), 'alice'), { is: 'too_large' })
})

/** A small picture whose header says that it is larger: the two sides follow after `mark`, each in `bytes` bytes. */
function saying(picture: Buffer, side: number, mark: number, bytes: 2 | 4): Buffer {
  const told = Buffer.from(picture)
  for (const at of [mark, mark + bytes]) told.writeUIntBE(side, at, bytes)
  return told
}

test('what a decoder holds whole is bounded by its kind, before anything is decoded', async () => {
  const small = () => drawing(64, 64)
  const avif = await small().avif().toBuffer()
  const jpeg = await small().jpeg({ progressive: true }).toBuffer()
  const bombs = {
    'an AVIF': saying(avif, 3_600, avif.indexOf('ispe') + 8, 4),
    'a GIF': await drawing(5_100, 5_000).gif({ effort: 1 }).toBuffer(),
    'a progressive JPEG': saying(jpeg, 5_100, jpeg.indexOf(Buffer.from([0xff, 0xc2])) + 5, 2),
    'an interlaced PNG': flood(5_100, 5_100, { interlaced: true }),
    'a PNG': flood(7_100, 7_100),
  }
  for (const [kind, bytes] of Object.entries(bombs)) {
    const answer = await pictures.square(Buffer.from(bytes), 'alice')
    assert.equal(answer.is === 'too_many_pixels' && answer.kind, kind)
  }
  assert.deepEqual(await pictures.square(flood(5_100, 5_100), 'alice'), { is: 'unsupported' }, 'it was read')
})

test('an AVIF whose header tells less than it holds is not decoded', async () => {
  const bytes = await drawing(600, 600).avif({ effort: 0 }).toBuffer()
  assert.equal((await pictures.square(bytes, 'alice')).is, 'done')
  assert.deepEqual(await pictures.square(saying(bytes, 100, bytes.indexOf('ispe') + 8, 4), 'alice'), {
    is: 'unsupported',
  })
})

test('a picture that takes more memory than any may is given up, and the next one is read by a new child', async () => {
  await using poor = new PictureProcess({ mostMemory: 1 })
  // Large enough that the watch comes to look while it is decoded.
  const bytes = await drawing(2_000, 1_500).png().toBuffer()
  assert.deepEqual(await poor.square(bytes, 'alice'), { is: 'too_costly' })
  assert.deepEqual(await poor.square(bytes, 'alice'), { is: 'too_costly' })
})

test('a decoder that hangs, dies or eats memory takes its own picture with it, and the next one is read', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'confab-pictures-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const entry = join(folder, 'entry.mjs')
  await writeFile(
    entry,
    `let hang = false
     process.on('message', bytes => {
       if (bytes[3] === 1) for (;;) hang = !hang
       if (bytes[3] === 2) process.kill(process.pid, 'SIGSEGV')
       const eaten = []
       if (bytes[3] === 3) for (let n = 0; n < 15; n++) eaten.push(Buffer.alloc(100_000_000, 1))
       process.send({ is: 'done', sizes: {} })
     })
     process.on('disconnect', () => process.exit())`,
  )
  const clock = new HandClock()
  await using fragile = new PictureProcess({ entry, clock })
  const jpeg = (n: number) => new Uint8Array([0xff, 0xd8, 0xff, n])
  assert.equal((await fragile.square(jpeg(0), 'alice')).is, 'done')
  const hangs = fragile.square(jpeg(1), 'alice')
  clock.turn(10_000)
  const next = fragile.square(jpeg(0), 'alice')
  clock.turn(10_000)
  assert.deepEqual([(await hangs).is, (await next).is], ['unsupported', 'done'])
  const [dies, last] = await Promise.all([fragile.square(jpeg(2), 'alice'), fragile.square(jpeg(0), 'alice')])
  assert.deepEqual([dies.is, last.is], ['unsupported', 'done'])
  const [eats, after] = await Promise.all([
    fragile.square(jpeg(3), 'alice'),
    fragile.square(jpeg(0), 'alice'),
  ])
  assert.deepEqual([eats.is, after.is], ['unsupported', 'done'])
})

test('only so many pictures wait, and two of one person', async () => {
  await using few = new PictureProcess()
  const jpeg = await drawing(20, 20).jpeg().toBuffer()
  const tell = async (of: (n: number) => string) =>
    (await Promise.all(Array.from({ length: 30 }, (_, n) => few.square(jpeg, of(n))))).map(({ is }) => is)
  const done = (answers: readonly string[]) => answers.filter(is => is === 'done').length
  const everybodys = await tell(n => `person ${n}`)
  assert.deepEqual(new Set(everybodys), new Set(['done', 'busy']))
  assert.equal(done(everybodys), 21)
  assert.equal(done(await tell(() => 'mallory')), 3)
})

/** A child that answers when the test lets it: each picture by its fourth byte, in the order in which they came to it. */
async function slowChild(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'confab-pictures-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const entry = join(folder, 'entry.mjs')
  await writeFile(
    entry,
    `import { existsSync, watch } from 'node:fs'
     const folder = ${JSON.stringify(folder)}
     process.on('message', bytes => {
       const answer = () => {
         if (!existsSync(folder + '/' + bytes[3])) return
         watching.close()
         process.send({ is: 'done', sizes: {} })
       }
       const watching = watch(folder, answer)
       answer()
     })
     process.on('disconnect', () => process.exit())`,
  )
  return { entry, letGo: (n: number) => writeFile(join(folder, String(n)), '') }
}

test('who brought pictures that took long waits for everybody else, and nobody waits longer than for one that takes as long as it may', async t => {
  const { entry, letGo } = await slowChild(t)
  const clock = new HandClock()
  await using slow = new PictureProcess({ entry, clock })
  const order: string[] = []
  const bring = async (of: string, n: number) => {
    const { is } = await slow.square(new Uint8Array([0xff, 0xd8, 0xff, n]), of)
    order.push(`${of} ${n} ${is}`)
  }
  const first = bring('mallory', 1)
  const second = bring('mallory', 2)
  const honest = bring('alice', 3)
  clock.turn(10_000)
  await letGo(1)
  await letGo(3)
  await Promise.all([first, honest])
  const behind = bring('bob', 4)
  const late = bring('carol', 5)
  clock.turn(20_000)
  await second
  clock.turn(5_000)
  await late
  await letGo(4)
  await behind
  assert.deepEqual(order, [
    'mallory 1 done',
    'alice 3 done',
    'mallory 2 unsupported',
    'carol 5 late',
    'bob 4 done',
  ])
})
