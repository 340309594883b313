import type { KeyboardEvent, PointerEvent } from 'react'
import { useEffect, useRef } from 'react'
import { m } from '../../paraglide/messages.js'
import { startHere } from '../forms/start-here.ts'
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
  const latest = useRef({ crop, onCrop })
  useEffect(() => {
    latest.current = { crop, onCrop }
  }, [crop, onCrop])

  // React listens to the wheel passively, and then the page behind would scroll along.
  useEffect(() => {
    const element = stage.current
    startHere(element)
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      const at = latest.current
      at.onCrop(zoomed(at.crop, at.crop.zoom * Math.exp(-event.deltaY / 400)))
    }
    element?.addEventListener('wheel', wheel, { passive: false })
    return () => element?.removeEventListener('wheel', wheel)
  }, [])

  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const side = event.currentTarget.clientWidth
    onCrop(moved(crop, event.movementX / side, event.movementY / side))
  }
  const keys = (event: KeyboardEvent) => {
    const arrow = arrows[event.key]
    if (arrow) onCrop(moved(crop, ...arrow))
    else if (event.key === '+' || event.key === '=') onCrop(zoomed(crop, crop.zoom * 1.1))
    else if (event.key === '-') onCrop(zoomed(crop, crop.zoom / 1.1))
    else return
    event.preventDefault()
  }

  const seen = seenSide(crop)
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
      <img
        src={image.src}
        alt=""
        draggable={false}
        style={{
          width: `${(crop.width / seen) * 100}%`,
          left: `${(0.5 - crop.x / seen) * 100}%`,
          top: `${(0.5 - crop.y / seen) * 100}%`,
        }}
      />
      <span className="crop-frame" />
    </div>
  )
}
