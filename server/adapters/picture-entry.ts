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

process.on('message', async message => {
  process.send?.(await square(message as Uint8Array))
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
    const shortest = Math.min(width, height)
    const sizes: Record<number, Uint8Array> = {}
    for (const side of limits.avatarSizes) {
      const cut = Math.min(side, shortest)
      sizes[side] = await picture
        .clone()
        .autoOrient()
        .resize(cut, cut, { fit: 'cover' })
        .webp({ quality: 82 })
        .toBuffer()
    }
    return { is: 'done', sizes }
  } catch (error) {
    return { is: (error as Error).message.includes('pixel limit') ? 'too_large' : 'unsupported' }
  }
}
