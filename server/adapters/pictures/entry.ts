import type { Metadata, Sharp } from 'sharp'
import sharp from 'sharp'
import { limits } from '../../../contract/limits.ts'
import type { Picture, TooManyPixels } from '../../core/ports/pictures.ts'

/** Every decoder of libvips is shut but those of the five kinds that are taken, from memory: no SVG, TIFF, PDF, and no file is opened. */
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
})
sharp.cache(false)
sharp.concurrency(1)

/** A decoder fills some 2 MB a millisecond at most. */
const watchEveryMs = 10

process.on('message', message => {
  void square(message as Uint8Array).then(answer)
})
process.on('disconnect', () => process.exit())

const answer = (picture: Picture): void => void process.send?.(picture)

/** What a header does not tell, memory does: decoding is native work on another thread, so that this one can watch it, and end both. */
function watchMemory(): Disposable {
  const most = Number(process.argv[2])
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() < most) return
    clearInterval(timer)
    process.send?.({ is: 'too_costly' } satisfies Picture, () => process.kill(process.pid, 'SIGKILL'))
  }, watchEveryMs)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Turned as its EXIF says, cut square around the middle, and no larger than it was. What it told beside its pixels is dropped. */
async function square(bytes: Uint8Array): Promise<Picture> {
  using _watch = watchMemory()
  try {
    // The header alone is read here, whatever size it tells: the bound depends on what else it tells.
    const header = await sharp(bytes, { limitInputPixels: false, pages: 1 }).metadata()
    const refused = refusedByHeader(header)
    if (refused) return refused
    const picture = sharp(bytes, { limitInputPixels: limits.avatarPixels, failOn: 'error', pages: 1 })
    const side = Math.min(limits.avatarSide, header.width, header.height)
    return { is: 'done', sizes: await sizesOf(await decode(picture, side)) }
  } catch {
    return { is: 'unsupported' }
  }
}

interface Pixels {
  readonly data: Uint8Array
  readonly info: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 }
}

/** Once for all sizes: decoding is what costs. */
const decode = (picture: Sharp, side: number): Promise<Pixels> =>
  picture.autoOrient().resize(side, side, { fit: 'cover' }).raw().toBuffer({ resolveWithObject: true })

async function sizesOf({ data, info }: Pixels): Promise<Record<number, Uint8Array>> {
  const sizes: Record<number, Uint8Array> = {}
  for (const size of limits.avatarSizes) {
    const side = Math.min(size, info.width)
    sizes[size] = await sharp(data, { raw: info }).resize(side, side).webp({ quality: 82 }).toBuffer()
  }
  return sizes
}

/** What the header of a picture tells: enough to bound it before anything is decoded. */
type Header = Pick<Metadata, 'format' | 'width' | 'height' | 'isProgressive' | 'compression'>

interface Bound {
  readonly kind: string
  readonly most: number
}

/** How many pixels are decoded of it, by what its decoder holds at once; `null` where it is none of the kinds that are taken. */
function boundOf({ format, isProgressive = false, compression }: Header): Bound | null {
  const most = isProgressive ? limits.avatarPixelsWhole : limits.avatarPixels
  switch (format) {
    case 'jpeg':
      return { kind: isProgressive ? 'a progressive JPEG' : 'a JPEG', most }
    case 'png':
      return { kind: isProgressive ? 'an interlaced PNG' : 'a PNG', most }
    case 'webp':
      return { kind: 'a WebP', most: limits.avatarPixels }
    case 'gif':
      return { kind: 'a GIF', most: limits.avatarPixelsWhole }
    case 'heif':
      return compression === 'av1' ? { kind: 'an AVIF', most: limits.avatarPixelsAvif } : null
    default:
      return null
  }
}

/** Why a picture with this header is not decoded; `null` where it is. */
function refusedByHeader(
  header: Header,
): { is: 'unsupported' } | ({ is: 'too_many_pixels' } & TooManyPixels) | null {
  const bound = boundOf(header)
  if (bound === null) return { is: 'unsupported' }
  const { width, height } = header
  return width * height > bound.most ? { is: 'too_many_pixels', ...bound, width, height } : null
}
