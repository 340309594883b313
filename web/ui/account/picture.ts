import { limits } from '../../../contract/limits.ts'
import { routes } from '../../../contract/routes.ts'
import type { Crop } from './crop.ts'
import { squareOf } from './crop.ts'

/** The types of pictures that are taken, for a file chooser. */
export const pictureTypes: readonly string[] = routes['me.setAvatar'].bytes?.types ?? []

/** A picture that a person chose, ready to be drawn. `close` when it is no longer shown. */
export interface ChosenPicture {
  readonly image: HTMLImageElement
  readonly close: () => void
}

/** Reads a file as a picture; `null` where it is none that is taken here, too large, or broken. */
export async function readPicture(file: File): Promise<ChosenPicture | null> {
  if (!pictureTypes.includes(file.type) || file.size > limits.avatarBytes) return null
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch {
    URL.revokeObjectURL(url)
    return null
  }
  if (image.naturalWidth * image.naturalHeight > limits.avatarPixels) {
    URL.revokeObjectURL(url)
    return null
  }
  return { image, close: () => URL.revokeObjectURL(url) }
}

/** The seen square as a picture of its own, as large as the server keeps and never larger than it was; `null` where it cannot be drawn. */
export async function cut(image: HTMLImageElement, crop: Crop): Promise<Blob | null> {
  const { left, top, side } = squareOf(crop)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = Math.max(1, Math.min(limits.avatarSide, Math.round(side)))
  const context = canvas.getContext('2d')
  if (!context) return null
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, left, top, side, side, 0, 0, canvas.width, canvas.height)
  // Where a browser cannot write WebP it writes PNG, which is taken as well.
  return new Promise(resolve => canvas.toBlob(resolve, 'image/webp', 0.92))
}
