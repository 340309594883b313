import type { RefObject } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { Message } from '../../../contract/entities.ts'
import { limits } from '../../../contract/limits.ts'
import { charactersOver, storable } from '../../../contract/storable.ts'
import { m } from '../../paraglide/messages.js'
import type { OpenRoom } from '../../sync/model.ts'
import { toast } from '../parts/toast.ts'
import { toastUnless } from '../parts/toast-unless.ts'
import { formatLocale } from '../time/locale.ts'
import { focusEnd } from './text-box.ts'
import { useDraft } from './useDraft.ts'
import type { Writing } from './writing.ts'

export interface Composing {
  text: string
  /** The message that is being changed. */
  editing: Message | null
  /** The message that is being answered. */
  quote: Message | null
  /** Why it cannot be sent as it is, in words. */
  problem: string | null
  ready: boolean
  change: (text: string) => void
  send: () => Promise<void>
  /** Leaves the change or the answer; what else was written stays. */
  leave: () => void
}

/** What stands in the box, and what becomes of it. Nothing that was typed is lost: it is a draft until it is stored for sending. */
export function useComposer(
  open: OpenRoom,
  box: RefObject<HTMLTextAreaElement | null>,
  writing: Writing,
  setWriting: (writing: Writing) => void,
): Composing {
  const [text, setText] = useState('')
  const keepDraft = useDraft(open, setText, setWriting)
  const fresh = () => setWriting({ is: 'new', quote: null })
  const leaveEdit = useAside(box, writing, setText, setWriting)
  const { busy, save } = useSaving(open, leaveEdit)
  const editing = writing.is === 'edit' ? writing.message : null
  const quote = writing.is === 'new' ? writing.quote : null
  const problem = problemOf(text)
  const ready = text.trim() !== '' && problem === null && !busy

  const post = async () => {
    setText('')
    fresh()
    if (await hasPosted(open, text, quote)) keepDraft('', null)
    else setText(now => text + now)
  }
  const send = async () => {
    if (ready) await (editing ? save(editing, text) : post())
  }
  const change = (now: string) => {
    setText(now)
    if (editing) return
    keepDraft(now, quote?.id ?? null)
    if (now.trim() !== '') open.typing()
  }
  const leaveQuote = () => {
    fresh()
    keepDraft(text, null)
  }
  return { text, editing, quote, problem, ready, change, send, leave: editing ? leaveEdit : leaveQuote }
}

/** Saves a change of a message, and leaves it when it is saved. */
function useSaving(open: OpenRoom, leaveEdit: () => void) {
  const [busy, setBusy] = useState(false)
  const save = async (message: Message, text: string) => {
    setBusy(true)
    const saved = text === message.text || (await hasSaved(open, message, text))
    setBusy(false)
    if (saved) leaveEdit()
  }
  return { busy, save }
}

/** Whether a change was taken; if not, it is said why. */
async function hasSaved(open: OpenRoom, message: Message, text: string): Promise<boolean> {
  return toastUnless(await open.edit(message, text))
}

/** Whether a message is stored for sending; if not, it is said. */
async function hasPosted(open: OpenRoom, text: string, quote: Message | null): Promise<boolean> {
  try {
    await open.post(text, quote?.id)
    return true
  } catch {
    toast(m.chat_not_stored(), true)
    return false
  }
}

/** While a message is changed, what stood in the box is put aside; it comes back with the function that is returned. */
function useAside(
  box: RefObject<HTMLTextAreaElement | null>,
  writing: Writing,
  setText: (change: (now: string) => string) => void,
  setWriting: (writing: Writing) => void,
): () => void {
  const aside = useRef('')
  useEffect(() => {
    if (writing.is === 'edit') {
      setText(now => {
        aside.current = now
        return writing.message.text
      })
      focusEnd(box.current)
    } else if (writing.is === 'restore') {
      setText(now => (now.trim() === '' ? writing.text : `${now}\n${writing.text}`))
      setWriting({ is: 'new', quote: null })
      focusEnd(box.current)
    } else if (writing.quote) {
      box.current?.focus()
    }
  }, [writing, box, setText, setWriting])
  return () => {
    setText(() => aside.current)
    aside.current = ''
    setWriting({ is: 'new', quote: null })
  }
}

function problemOf(text: string): string | null {
  const over = charactersOver(text, limits.textBytes)
  if (over > 0) return m.chat_too_long({ count: new Intl.NumberFormat(formatLocale()).format(over) })
  return storable(text) ? null : m.chat_not_text()
}
