/** A picture under a square window: its size in its own pixels, the point of it at the window's middle, and how far it is zoomed in. */
export interface Crop {
  readonly width: number
  readonly height: number
  readonly x: number
  readonly y: number
  /** 1: the shorter side just fills the window. */
  readonly zoom: number
}

export const maxZoom = 5

/** The side of the square that is seen, in the picture's own pixels. */
export const seenSide = (crop: Crop): number => Math.min(crop.width, crop.height) / crop.zoom

/** The whole picture as far as a square shows it. */
export const startCrop = (width: number, height: number): Crop => ({
  width,
  height,
  x: width / 2,
  y: height / 2,
  zoom: 1,
})

/** The nearest crop whose square lies within the picture. */
export function within(crop: Crop): Crop {
  const zoom = clamp(crop.zoom, 1, maxZoom)
  const half = seenSide({ ...crop, zoom }) / 2
  return {
    ...crop,
    zoom,
    x: clamp(crop.x, half, crop.width - half),
    y: clamp(crop.y, half, crop.height - half),
  }
}

/** Moves the picture by so much of the window's side: 1 is one side, right and down. */
export const moved = (crop: Crop, right: number, down: number): Crop =>
  within({ ...crop, x: crop.x - right * seenSide(crop), y: crop.y - down * seenSide(crop) })

export const zoomed = (crop: Crop, zoom: number): Crop => within({ ...crop, zoom })

/** The square that is seen, in the picture's own pixels. */
export function squareOf(crop: Crop): { left: number; top: number; side: number } {
  const side = seenSide(crop)
  return { left: crop.x - side / 2, top: crop.y - side / 2, side }
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
