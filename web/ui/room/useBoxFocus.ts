import type { RefObject } from 'react'
import { useEffect } from 'react'
import { isWriting, keyOf } from '../shell/keys.ts'

/** Where a letter is a command or presses something, it is not meant for the box. */
const elsewhere = 'article, button, a'

/** The box has the focus when a room opens, but on a phone, whose keyboard would cover it; a letter typed anywhere is meant for it. */
export function useBoxFocus(box: RefObject<HTMLTextAreaElement | null>, phone: boolean): void {
  useEffect(() => {
    if (!phone) box.current?.focus()
  }, [box, phone])
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key.length !== 1 || keyOf(event) === '?' || event.ctrlKey || event.metaKey || event.altKey)
        return
      if (isWriting(event.target) || document.querySelector('dialog[open], .menu:popover-open')) return
      if (event.target instanceof Element && event.target.closest(elsewhere)) return
      box.current?.focus()
    }
    document.addEventListener('keydown', key)
    return () => document.removeEventListener('keydown', key)
  }, [box])
}
