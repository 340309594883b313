import type { KeyboardEvent, PointerEvent, RefObject } from 'react'
import { useEffect, useRef } from 'react'
import { m } from '../../paraglide/messages.js'
import { autofocus } from '../forms/autofocus.ts'
import type { Crop } from './crop.ts'
import { moved, seenSide, zoomed } from './crop.ts'

/** How far one press of an arrow key moves the picture, as a share of the window. */
const step = 0.04

const arrows: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-step, 0],
  ArrowRight: [step, 0],
  ArrowUp: [0, -step],
  ArrowDown: [0, step],
}

/** The window onto a picture, which is dragged, wheeled and moved by keys under it. What lies outside of the square is dimmed. */
export function CropStage({
  image,
  crop,
  onCrop,
}: {
  image: HTMLImageElement
  crop: Crop
  onCrop: (crop: Crop) => void
}) {
  const stage = useRef<HTMLDivElement>(null)
  useWheelZoom(stage, crop, onCrop)

  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const side = event.currentTarget.clientWidth
    onCrop(moved(crop, event.movementX / side, event.movementY / side))
  }
  const keys = (event: KeyboardEvent) => {
    const next = pressed(crop, event.key)
    if (next === null) return
    event.preventDefault()
    onCrop(next)
  }
  return (
    <div
      ref={stage}
      className="crop-stage"
      role="application"
      aria-label={`${m.account_picture_crop()}. ${m.account_picture_crop_says()}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by the arrow keys.
      tabIndex={0}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={keys}
    >
      <img src={image.src} alt="" draggable={false} style={placed(crop)} />
      <span className="crop-frame" />
    </div>
  )
}

/** Where the picture stands under the window. */
function placed(crop: Crop) {
  const share = (length: number) => `${length * 100}%`
  const seen = seenSide(crop)
  return {
    width: share(crop.width / seen),
    left: share(0.5 - crop.x / seen),
    top: share(0.5 - crop.y / seen),
  }
}

/** The crop after a key was pressed; `null` for a key that does nothing here. */
function pressed(crop: Crop, key: string): Crop | null {
  const arrow = arrows[key]
  if (arrow) return moved(crop, ...arrow)
  if (key === '+' || key === '=') return zoomed(crop, crop.zoom * 1.1)
  return key === '-' ? zoomed(crop, crop.zoom / 1.1) : null
}

/** Zooms with the wheel. React listens to it passively, and then the page behind would scroll along. */
function useWheelZoom(stage: RefObject<HTMLElement | null>, crop: Crop, onCrop: (crop: Crop) => void) {
  const latest = useRef({ crop, onCrop })
  useEffect(() => {
    latest.current = { crop, onCrop }
  }, [crop, onCrop])
  useEffect(() => {
    const element = stage.current
    autofocus(element)
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      const at = latest.current
      at.onCrop(zoomed(at.crop, at.crop.zoom * Math.exp(-event.deltaY / 400)))
    }
    element?.addEventListener('wheel', wheel, { passive: false })
    return () => element?.removeEventListener('wheel', wheel)
  }, [stage])
}
