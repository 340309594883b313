import { Pencil, Reply, X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { m } from '../../paraglide/messages.js'
import type { OpenRoom } from '../../sync/model.ts'
import { IconButton } from '../parts/IconButton.tsx'
import { Quoted } from './Quoted.tsx'
import type { Composing } from './useComposer.ts'

const ComposerQuestion = lazy(async () => ({
  default: (await import('./ComposerQuestion.tsx')).ComposerQuestion,
}))

/** What the text is for, where it is not simply something new; and what has come between, with the ways on. */
export function ComposerAbout({ open, composing }: { open: OpenRoom; composing: Composing }) {
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
