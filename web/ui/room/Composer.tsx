import { ArrowUp, Pencil, Reply, X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Message, Room } from '../../../contract/entities.ts'
import { limits } from '../../../contract/limits.ts'
import { storable, utf8Bytes } from '../../../contract/text.ts'
import { m } from '../../paraglide/messages.js'
import type { OpenRoom, Row } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { errorText } from '../forms/error-text.ts'
import { IconButton } from '../parts/IconButton.tsx'
import { toast } from '../parts/toast.ts'
import { roomTitle } from '../rooms/title.ts'
import { hasMod, isWriting } from '../shell/keys.ts'
import { formatLocale } from '../time/locale.ts'
import { FormatBar } from './FormatBar.tsx'
import { lastOwn } from './items.ts'
import type { Box } from './marks.ts'
import { toggleMark } from './marks.ts'
import { Quoted } from './Quoted.tsx'
import { applyToBox } from './text-box.ts'
import { useDraft } from './useDraft.ts'
import type { Writing } from './writing.ts'
import './Composer.css'

export interface ComposerProps {
  open: OpenRoom
  room: Room
  rows: readonly Row[]
  writing: Writing
  setWriting: (writing: Writing) => void
}

/** The box to write in. Nothing that was typed is lost: it is a draft until it is stored for sending. */
export function Composer({ open, room, rows, writing, setWriting }: ComposerProps) {
  const me = useSelect(snapshot => snapshot.me.id)
  const users = useSelect(snapshot => snapshot.users)
  const phone = matchMedia('(pointer: coarse)').matches
  const box = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const keepDraft = useDraft(open)
  // What stood in the box when an edit began; it comes back afterwards.
  const aside = useRef('')
  const editing = writing.is === 'edit' ? writing.message : null
  const quote = writing.is === 'new' ? writing.quote : null

  useDraftOnOpening(open, setText, setWriting)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text that stands in the box.
  useLayoutEffect(() => fitHeight(box.current), [text])

  useEffect(() => {
    if (!phone) box.current?.focus()
  }, [phone])

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
  }, [writing, setWriting])

  // A letter typed anywhere on the page is meant for the box.
  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent) => {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.key === '?')
        return
      if (isWriting(event.target) || document.querySelector('dialog[open], :popover-open.menu')) return
      if (event.target instanceof Element && event.target.closest('[role="article"], button, a')) return
      box.current?.focus()
    }
    document.addEventListener('keydown', key)
    return () => document.removeEventListener('keydown', key)
  }, [])

  const over = utf8Bytes(text) - limits.textBytes
  const problem = over > 0 ? tooLong(over) : storable(text) ? null : m.chat_not_text()
  const ready = text.trim() !== '' && problem === null && !busy

  const change = (now: string) => {
    setText(now)
    if (editing) return
    keepDraft(now, quote?.id ?? null)
    if (now.trim() !== '') open.typing()
  }
  const leaveEdit = () => {
    setText(aside.current)
    aside.current = ''
    setWriting({ is: 'new', quote: null })
  }
  const leave = () => {
    if (editing) leaveEdit()
    else if (quote) {
      setWriting({ is: 'new', quote: null })
      keepDraft(text, null)
    }
  }
  const saveEdit = async (message: Message) => {
    if (text === message.text) return leaveEdit()
    setBusy(true)
    const answer = await open.edit(message, text)
    setBusy(false)
    if ('ok' in answer) leaveEdit()
    else toast('error' in answer ? errorText(answer.error) : m.shell_unreachable(), true)
  }
  const send = async () => {
    if (!ready) return
    if (editing) return saveEdit(editing)
    const said = text
    setText('')
    setWriting({ is: 'new', quote: null })
    try {
      await open.post(said, quote?.id)
      keepDraft('', null)
    } catch {
      // It could not be stored for sending: it goes back where it was.
      setText(now => said + now)
      toast(m.chat_not_stored(), true)
    }
  }
  const edit = (change: (box: Box) => Box) => applyToBox(box.current, change)

  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter and the arrows are its own (229 is how Safari says so for the last of them).
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && !event.shiftKey && !phone) {
      event.preventDefault()
      void send()
    } else if (event.key === 'Escape' && (editing || quote)) {
      event.preventDefault()
      leave()
    } else if (event.key === 'ArrowUp' && text === '' && !editing) {
      const own = lastOwn(rows, me)
      if (own?.is !== 'message') return
      event.preventDefault()
      setWriting({ is: 'edit', message: own.message })
    } else if (hasMod(event) && !event.altKey) {
      const change = shortcuts[event.key.toLowerCase()]
      if (!change) return
      event.preventDefault()
      edit(change)
    }
  }

  return (
    <div className="composer" data-problem={problem ? '' : undefined}>
      {(editing || quote) && (
        <div className="composer-about">
          {editing ? <Pencil /> : <Reply />}
          {editing ? <span>{m.chat_editing()}</span> : quote && <Quoted message={quote} />}
          <IconButton
            label={editing ? m.chat_leave_edit() : m.chat_leave_reply()}
            keys="Esc"
            icon={<X />}
            onClick={leave}
          />
        </div>
      )}
      <textarea
        ref={box}
        rows={1}
        dir="auto"
        value={text}
        placeholder={m.chat_write_to({ room: roomTitle(room, users, me) })}
        aria-label={editing ? m.chat_editing() : m.chat_write_to({ room: roomTitle(room, users, me) })}
        aria-invalid={problem !== null}
        aria-describedby="composer-problem"
        enterKeyHint={phone ? 'enter' : 'send'}
        onChange={event => change(event.target.value)}
        onKeyDown={keyDown}
      />
      <div className="composer-foot">
        <FormatBar edit={edit} />
        <p id="composer-problem" className="composer-problem" role="status">
          {problem}
        </p>
        <button
          type="button"
          className="composer-send"
          aria-label={editing ? m.chat_save() : m.chat_send()}
          data-tip={editing ? m.chat_save() : m.chat_send()}
          aria-disabled={!ready}
          onClick={() => void send()}
        >
          <ArrowUp />
        </button>
      </div>
    </div>
  )
}

const shortcuts: Readonly<Record<string, (box: Box) => Box>> = {
  b: box => toggleMark(box, '**'),
  i: box => toggleMark(box, '_'),
  e: box => toggleMark(box, '`'),
}

const tooLong = (bytes: number) =>
  m.chat_too_long({ count: new Intl.NumberFormat(formatLocale()).format(bytes) })

/** Puts the kept draft in the box, once. What was typed before it was read stays. */
function useDraftOnOpening(
  open: OpenRoom,
  setText: (change: (now: string) => string) => void,
  setWriting: (writing: Writing) => void,
): void {
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
}

/** As high as its text; the sheet bounds it at 40% of the window. */
function fitHeight(box: HTMLTextAreaElement | null): void {
  if (!box) return
  box.style.height = 'auto'
  box.style.height = `${box.scrollHeight}px`
}

function focusEnd(box: HTMLTextAreaElement | null): void {
  if (!box) return
  box.focus()
  requestAnimationFrame(() => box.setSelectionRange(box.value.length, box.value.length))
}
