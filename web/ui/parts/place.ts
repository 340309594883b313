/** Puts a floating element beside what it belongs to, inside the window, 4 px away: below where it fits, else above. */
export function placeBeside(
  floating: HTMLElement,
  anchor: Element,
  align: 'start' | 'end' | 'center' = 'start',
): void {
  const at = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = floating
  const gap = 4
  const margin = 8
  const below = at.bottom + gap
  const top =
    below + height + margin <= innerHeight || at.top < height + gap + margin ? below : at.top - gap - height
  const left =
    align === 'start' ? at.left : align === 'end' ? at.right - width : at.left + at.width / 2 - width / 2
  floating.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`
  floating.style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`
}
