/** Calls back when what stands in the page is painted: the second frame comes after the first is. A page out of view has neither. */
export function whenPainted(then: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(then)
  })
  return () => cancelAnimationFrame(frame)
}
