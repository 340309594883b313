import type { Sharp } from 'sharp'
import sharp from 'sharp'
import { limits } from '../../contract/limits.ts'
import type { Picture } from '../core/ports.ts'

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

process.on('message', message => {
  void square(message as Uint8Array).then(picture => process.send?.(picture))
})
process.on('disconnect', () => process.exit())

const formats = ['jpeg', 'png', 'webp', 'gif', 'heif']

/** Turned as its EXIF says, cut square around the middle, and no larger than it was. What it told beside its pixels is dropped. */
async function square(bytes: Uint8Array): Promise<Picture> {
  try {
    const picture = sharp(bytes, { limitInputPixels: limits.avatarPixels, failOn: 'error', pages: 1 })
    const { format, width, height, compression } = await picture.metadata()
    if (width * height > limits.avatarPixels) return { is: 'too_large' }
    if (!formats.includes(format) || (format === 'heif' && compression !== 'av1'))
      return { is: 'unsupported' }
    const side = Math.min(limits.avatarSide, width, height)
    return { is: 'done', sizes: await sizesOf(await decode(picture, side)) }
  } catch (error) {
    return { is: (error as Error).message.includes('pixel limit') ? 'too_large' : 'unsupported' }
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
