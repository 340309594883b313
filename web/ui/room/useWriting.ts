import type { RefObject } from 'react'
import { useMemo } from 'react'
import { m } from '../../paraglide/messages.js'
import type { OpenRoom, RoomDraft } from '../../sync/model.ts'
import { toast } from '../parts/toast.ts'
import type { RowDoers } from './row-acts.tsx'
import { focusEnd } from './text-box.ts'

/** What the list does with the box: `onLeave` goes back to it. */
export interface ListDoers extends Omit<RowDoers, 'onDelete' | 'onGoTo'> {
  onLeave: () => void
}

/** What the box is begun to be used for from a row of the list. */
export function useWriting(open: OpenRoom, box: RefObject<HTMLTextAreaElement | null>): ListDoers {
  return useMemo(() => {
    const begin = (change: Partial<RoomDraft>) => {
      const { edit } = open.draft()
      // One edit at a time: a second one must not take the place of what was typed.
      const isFree = !edit || edit.text === edit.was
      if (isFree) open.write({ edit: null, ...change })
      else toast(m.chat_edit_first(), true)
      focusEnd(box.current)
      return isFree
    }
    return {
      onLeave: () => box.current?.focus(),
      onReply: ({ id }) => void begin({ quote: id }),
      onEdit: ({ id, text: was, rev }, text = was) => begin({ edit: { message: id, was, rev, text } }),
      onAmend: (text, quote) => {
        const now = open.draft()
        open.write({
          text: now.text.trim() === '' ? text : `${now.text}\n${text}`,
          quote: now.quote ?? quote ?? null,
        })
        focusEnd(box.current)
      },
    }
  }, [open, box])
}
