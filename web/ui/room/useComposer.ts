import { useEffect, useSyncExternalStore } from 'react'
import type { Message } from '../../../contract/entities.ts'
import { limits } from '../../../contract/limits.ts'
import { charactersOver, storable } from '../../../contract/storable.ts'
import { m } from '../../paraglide/messages.js'
import type { MessageEdit, OpenRoom, RoomDraft } from '../../sync/model.ts'
import { toast } from '../parts/toast.ts'
import { formatLocale } from '../time/locale.ts'
import { useQuoted } from './useQuoted.ts'

export interface Composing {
  text: string
  /** What the text is for; `null`: simply something new. */
  about: ComposerSubject | null
  /** Why it cannot be sent as it is, in words. */
  problem: string | null
  ready: boolean
  change: (text: string) => void
  send: () => void
  /** Saves a change of a message. */
  save: (edit: MessageEdit) => Promise<void>
  /** Leaves the change or the answer; what else was written stays. */
  leave: () => void
}

/** A change of a message, or an answer to one. What has come between (`now`: the message as it is meanwhile, `null` if deleted) is asked about. */
export type ComposerSubject =
  | { is: 'edit'; edit: MessageEdit; between: { now: Message | null } | null }
  | { is: 'answer'; quote: Message | null | undefined }

/** What stands in the box, and what becomes of it. Nothing that was typed is lost: it is a draft until it is stored for sending. */
export function useComposer(open: OpenRoom): Composing {
  const draft = useDraft(open)
  const { edit } = draft
  const about = useAbout(open)
  const { text } = edit ?? draft
  const problem = problemOf(text)
  const asks = about?.is === 'edit' ? about.between !== null : about?.quote === null
  const change = (now: string) => {
    if (edit) return open.write({ edit: { ...edit, text: now } })
    open.write({ text: now })
    if (now.trim() !== '') open.typing()
  }
  const ready = text.trim() !== '' && problem === null && !asks
  return {
    text,
    about,
    problem,
    ready,
    change,
    send: () => {
      if (ready) void (edit ? stored(open.save(edit)) : post(open))
    },
    save: edit => stored(open.save(edit)),
    leave: () => open.write(edit ? { edit: null } : { quote: null }),
  }
}

function useAbout(open: OpenRoom): ComposerSubject | null {
  const { edit, quote } = useDraft(open)
  const now = useQuoted(open, edit ? edit.message : quote)
  // Saved, by another tab or by a page that ended before it heard so.
  const isSaved = edit && now && now.rev > edit.rev && now.text === edit.text
  useEffect(() => {
    if (isSaved) open.write({ edit: null })
  }, [open, isSaved])
  if (edit) {
    const isOther = now === null || (now !== undefined && now.rev > edit.rev && !isSaved)
    return { is: 'edit', edit, between: isOther ? { now } : null }
  }
  return quote === null ? null : { is: 'answer', quote: now }
}

/** Posts the draft of the room. */
export const post = (open: OpenRoom): Promise<void> => stored(open.send())

/** Where it cannot be stored for sending, that is said. */
const stored = (storing: Promise<void>): Promise<void> =>
  storing.catch(() => toast(m.chat_not_stored(), true))

function problemOf(text: string): string | null {
  const over = charactersOver(text, limits.textBytes)
  if (over > 0) return m.chat_too_long({ count: new Intl.NumberFormat(formatLocale()).format(over) })
  return storable(text) ? null : m.chat_not_text()
}

/** What is being written in a room. It is heard in the same turn, since a text box that lags behind its letters loses its caret. */
const useDraft = (open: OpenRoom): RoomDraft => useSyncExternalStore(open.onDraft, open.draft)
