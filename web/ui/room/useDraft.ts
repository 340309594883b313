import { useCallback, useEffect, useRef } from 'react'
import type { MessageId } from '../../../contract/ids.ts'
import type { OpenRoom } from '../../sync/model.ts'
import type { Writing } from './writing.ts'

const restMs = 400

/**
 * Puts the kept draft of a room in the box, and returns what keeps it: a moment after the last key, and when the page is left. What was
 * typed before the draft was read stays.
 */
export function useDraft(
  open: OpenRoom,
  setText: (change: (now: string) => string) => void,
  setWriting: (writing: Writing) => void,
): (text: string, quote: MessageId | null) => void {
  useEffect(() => {
    let gone = false
    void open.draft().then(async ({ text, quote }) => {
      const quoted = quote ? await open.quoted(quote) : null
      if (gone) return
      setText(now => (now === '' ? text : now))
      if (quoted) setWriting({ is: 'new', quote: quoted })
    })
    return () => {
      gone = true
    }
  }, [open, setText, setWriting])
  return useKeeping(open)
}

function useKeeping(open: OpenRoom) {
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
    (text: string, quote: MessageId | null) => {
      clearTimeout(waiting.current?.timer)
      waiting.current = { timer: setTimeout(flush, restMs), keep: () => void open.setDraft(text, quote) }
    },
    [open, flush],
  )
}
