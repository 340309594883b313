import type { Metadata } from 'sharp'
import { limits } from '../../contract/limits.ts'
import type { TooManyPixels } from '../core/ports/pictures.ts'

/** What the header of a picture tells: enough to bound it before anything is decoded. */
export type Header = Pick<Metadata, 'format' | 'width' | 'height' | 'isProgressive' | 'compression'>

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
export function refusedByHeader(
  header: Header,
): { is: 'unsupported' } | ({ is: 'too_many_pixels' } & TooManyPixels) | null {
  const bound = boundOf(header)
  if (bound === null) return { is: 'unsupported' }
  const { width, height } = header
  return width * height > bound.most ? { is: 'too_many_pixels', ...bound, width, height } : null
}
