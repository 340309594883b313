import './Skeleton.css'

/** A grey shape where something will stand. `width` is a share of the container, 0 to 1; `height` in px. */
export function Skeleton({
  width = 1,
  height = 14,
  round = false,
}: {
  width?: number
  height?: number
  round?: boolean
}) {
  return (
    <span
      className="skeleton"
      aria-hidden="true"
      style={{ width: round ? height : `${width * 100}%`, height, borderRadius: round ? '28%' : undefined }}
    />
  )
}
