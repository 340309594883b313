import './Composer.css'
import { ArrowUp, Pencil, Reply, X } from 'lucide-react'
import type { ChangeEvent, KeyboardEvent, RefObject } from 'react'
import { lazy, Suspense, useEffect, useLayoutEffect } from 'react'
import type { Message, Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import type { ListRow, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { EmojiButton } from '../emoji/EmojiButton.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { roomTitle } from '../rooms/title.ts'
import { hasMod, isWriting, keyOf } from '../shell/keys.ts'
import { enterHint, enterSends, isTouch } from './enter.ts'
import { FormatBar } from './FormatBar.tsx'
import { lastOwn } from './items.ts'
import type { Box } from './marks.ts'
import { toggleMark, typeText } from './marks.ts'
import { Quoted } from './Quoted.tsx'
import { applyToBox, fitHeight } from './text-box.ts'
import type { Composing } from './useComposer.ts'
import { useComposer } from './useComposer.ts'

interface ComposerProps {
  open: OpenRoom
  room: Room
  rows: readonly ListRow[]
  box: RefObject<HTMLTextAreaElement | null>
  onEdit: (message: Message) => void
}

/** The box to write in. */
export function Composer({ open, room, rows, box, onEdit }: ComposerProps) {
  const me = useSelect(snapshot => snapshot.me.id)
  const users = useSelect(snapshot => snapshot.users)
  const phone = isTouch()
  const composing = useComposer(open)
  const { text, about, problem } = composing
  const name = m.chat_write_to({ room: roomTitle(room, users, me) })
  const editLast = () => {
    const own = lastOwn(rows, me)
    if (own?.is === 'message') onEdit(own.message)
    return own?.is === 'message'
  }
  useBoxFocus(box, phone)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text that stands in the box.
  useLayoutEffect(() => fitHeight(box.current), [text])
  return (
    <div className="composer" data-problem={problem ? '' : undefined}>
      <ComposerAbout open={open} composing={composing} />
      <textarea
        ref={box}
        rows={1}
        dir="auto"
        value={text}
        placeholder={name}
        aria-label={about?.is === 'edit' ? m.chat_editing() : name}
        aria-invalid={problem !== null}
        aria-describedby="composer-problem"
        enterKeyHint={enterHint()}
        onChange={event => {
          composing.change(event.target.value)
          emojiTyped(event)
        }}
        onKeyDown={event => act(event, composing, editLast)}
      />
      <Foot composing={composing} edit={change => applyToBox(box.current, change)} />
    </div>
  )
}

function Foot({ composing, edit }: { composing: Composing; edit: (change: (box: Box) => Box) => void }) {
  const { about, problem, ready, send } = composing
  const does = about?.is === 'edit' ? m.chat_save() : m.chat_send()
  return (
    <div className="composer-foot">
      <FormatBar edit={edit} />
      <EmojiButton onPick={char => edit(box => typeText(box, char))} />
      <p id="composer-problem" className="composer-problem" role="status">
        {problem}
      </p>
      <button
        type="button"
        className="composer-send"
        aria-label={does}
        data-tip={does}
        aria-disabled={!ready}
        onClick={send}
      >
        <ArrowUp />
      </button>
    </div>
  )
}

/** A colon may have ended the shortcode of an emoji. Where its list does not come, it stays as typed. */
function emojiTyped({ target, nativeEvent }: ChangeEvent<HTMLTextAreaElement>): void {
  const { isComposing, data } = nativeEvent as InputEvent
  if (data !== ':' || isComposing) return
  const typed = target.value.slice(0, target.selectionStart)
  import('../emoji/replace-code.ts').then(({ replaceCode }) => replaceCode(target, typed)).catch(() => {})
}

const shortcuts: Readonly<Record<string, (box: Box) => Box>> = {
  b: box => toggleMark(box, '**'),
  i: box => toggleMark(box, '_'),
  e: box => toggleMark(box, '`'),
}

/** The keys of the box. */
function act(event: KeyboardEvent<HTMLTextAreaElement>, composing: Composing, editLast: () => boolean): void {
  // While an input method composes, Enter and the arrows are its own (229 is how Safari says so for the last of them).
  if (event.nativeEvent.isComposing || event.keyCode === 229) return
  if (event.key === 'Enter' && enterSends(event)) {
    event.preventDefault()
    composing.send()
  } else if (event.key === 'Escape' && composing.about) {
    event.preventDefault()
    composing.leave()
  } else if (event.key === 'ArrowUp' && composing.text === '' && composing.about?.is !== 'edit') {
    if (editLast()) event.preventDefault()
  } else if (hasMod(event) && !event.altKey) {
    const change = shortcuts[keyOf(event)]
    if (!change) return
    event.preventDefault()
    applyToBox(event.currentTarget, change)
  }
}

const ComposerQuestion = lazy(async () => ({
  default: (await import('./ComposerQuestion.tsx')).ComposerQuestion,
}))

/** What the text is for, where it is not simply something new; and what has come between, with the ways on. */
function ComposerAbout({ open, composing }: { open: OpenRoom; composing: Composing }) {
  const { about, leave } = composing
  if (!about) return null
  const isEdit = about.is === 'edit'
  const asks = isEdit ? about.between !== null : about.quote === null
  return (
    <div className="composer-about">
      {isEdit ? <Pencil /> : <Reply />}
      {asks ? (
        <Suspense fallback={<span />}>
          <ComposerQuestion open={open} about={about} composing={composing} />
        </Suspense>
      ) : isEdit ? (
        <span>{m.chat_editing()}</span>
      ) : (
        about.quote && <Quoted message={about.quote} />
      )}
      <IconButton
        label={isEdit ? m.chat_leave_edit() : m.chat_leave_reply()}
        keys="Esc"
        icon={<X />}
        onClick={leave}
      />
    </div>
  )
}

/** Where a letter is a command or presses something, it is not meant for the box. */
const elsewhere = 'article, button, a'

/** The box has the focus when a room opens, but on a phone, whose keyboard would cover it; a letter typed anywhere is meant for it. */
function useBoxFocus(box: RefObject<HTMLTextAreaElement | null>, phone: boolean): void {
  useEffect(() => {
    if (!phone) box.current?.focus()
  }, [box, phone])
  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent) => {
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
