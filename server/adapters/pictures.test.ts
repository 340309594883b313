import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { HandClock } from '../../tests/support/hand-clock.ts'
import type { Picture } from '../core/ports.ts'
import { kindOf } from './picture-kind.ts'
import { createPictures } from './pictures.ts'

const pictures = createPictures()
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
    assert.deepEqual(await widths(await pictures.square(bytes)), [
      [48, 48, 48, 'webp'],
      [128, 128, 128, 'webp'],
      [512, 512, 512, 'webp'],
    ])
  })

test('a small picture is not enlarged', async () => {
  const bytes = await drawing(100, 70).png().toBuffer()
  assert.deepEqual(await widths(await pictures.square(bytes)), [
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
  const { 512: large = new Uint8Array() } = sizesOf(await pictures.square(bytes))
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
  const { 48: small = new Uint8Array() } = sizesOf(await pictures.square(frames))
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
      await pictures.square(Buffer.from(bytes as Uint8Array)),
      { is: 'unsupported' },
      String(bytes.slice(0, 20)),
    )
  const whole = await pictures.square(jpeg)
  assert.equal(whole.is, 'done')
})

/** A PNG of a few bytes that says it is this large. */
function flood(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
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
  assert.deepEqual(await pictures.square(flood(60_000, 60_000)), { is: 'too_large' })
  assert.deepEqual(await pictures.square(flood(2_000_000_000, 2_000_000_000)), { is: 'unsupported' })
  assert.deepEqual(await pictures.square(new Uint8Array(10 * 1024 * 1024 + 1)), { is: 'too_large' })
})

test('a decoder that hangs or dies takes its own picture with it, and the next one is read', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'confab-pictures-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const entry = join(folder, 'entry.mjs')
  await writeFile(
    entry,
    `let hang = false
     process.on('message', bytes => {
       if (bytes[3] === 1) for (;;) hang = !hang
       if (bytes[3] === 2) process.kill(process.pid, 'SIGSEGV')
       else process.send({ is: 'done', sizes: {} })
     })
     process.on('disconnect', () => process.exit())`,
  )
  const clock = new HandClock()
  await using fragile = createPictures({ entry, clock })
  const jpeg = (n: number) => new Uint8Array([0xff, 0xd8, 0xff, n])
  assert.equal((await fragile.square(jpeg(0))).is, 'done')
  const hangs = fragile.square(jpeg(1))
  const next = fragile.square(jpeg(0))
  clock.turn(20_000)
  assert.deepEqual([(await hangs).is, (await next).is], ['unsupported', 'done'])
  const [dies, last] = await Promise.all([fragile.square(jpeg(2)), fragile.square(jpeg(0))])
  assert.deepEqual([dies.is, last.is], ['unsupported', 'done'])
})

test('only so many pictures wait', async () => {
  await using few = createPictures()
  const jpeg = await drawing(20, 20).jpeg().toBuffer()
  const answers = await Promise.all(Array.from({ length: 30 }, () => few.square(jpeg)))
  assert.deepEqual(new Set(answers.map(answer => answer.is)), new Set(['done', 'busy']))
})
