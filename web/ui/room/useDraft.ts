import { useCallback, useEffect, useRef } from 'react'
import type { MessageId } from '../../../contract/ids.ts'
import type { OpenRoom } from '../../sync/model.ts'

const restMs = 400

/** Keeps what is being written in a room, a moment after the last key and when the page is left. Call it with what is to be kept. */
export function useDraft(open: OpenRoom): (text: string, quote: MessageId | null) => void {
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; keep: () => void } | null>(null)
  const flush = useCallback(() => {
    const now = waiting.current
    waiting.current = null
    if (!now) return
    clearTimeout(now.timer)
    now.keep()
  }, [])
  useEffect(() => {
    addEventListener('pagehide', flush)
    return () => {
      removeEventListener('pagehide', flush)
      flush()
    }
  }, [flush])
  return useCallback(
    (text, quote) => {
      clearTimeout(waiting.current?.timer)
      waiting.current = {
        timer: setTimeout(flush, restMs),
        keep: () => void open.setDraft(text, quote),
      }
    },
    [open, flush],
  )
}
