import type { ReactNode } from 'react'
import type { Message } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import type { MessageEdit, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { plainTextOf } from '../markdown/formatting.ts'
import { Button } from '../parts/Button.tsx'
import { toast } from '../parts/toast.ts'
import { copyText } from '../shell/copy.ts'
import type { ComposerSubject, Composing } from './useComposer.ts'
import { post } from './useComposer.ts'

interface QuestionProps {
  open: OpenRoom
  about: ComposerSubject
  composing: Composing
}

/** What came between somebody and what they write about: the message was changed or deleted meanwhile. What they typed stays in the box. */
export function ComposerQuestion({ open, about, composing }: QuestionProps) {
  if (about.is === 'answer') return <QuoteDeleted open={open} composing={composing} />
  const now = about.between?.now
  return now ? (
    <EditOvertaken open={open} edit={about.edit} now={now} save={composing.save} />
  ) : (
    <EditedDeleted open={open} edit={about.edit} />
  )
}

function Question({ says, children }: { says: ReactNode; children: ReactNode }) {
  return (
    <div className="composer-question">
      <p role="alert">{says}</p>
      <div>{children}</div>
    </div>
  )
}

function QuoteDeleted({ open, composing }: { open: OpenRoom; composing: Composing }) {
  const send = () => {
    open.write({ quote: null })
    void post(open)
  }
  return (
    <Question says={m.chat_quote_gone()}>
      {composing.text.trim() !== '' && composing.problem === null && (
        <Button size="small" onClick={send}>
          {m.chat_send_unquoted()}
        </Button>
      )}
    </Question>
  )
}

/** Both texts are seen: theirs here, one's own in the box. */
function EditOvertaken({
  open,
  edit,
  now,
  save,
}: {
  open: OpenRoom
  edit: MessageEdit
  now: Message
  save: Composing['save']
}) {
  const users = useSelect(snapshot => snapshot.users)
  const based = { ...edit, was: now.text, rev: now.rev }
  const overwrite = () => {
    open.write({ edit: based })
    void save(based)
  }
  return (
    <Question
      says={
        <>
          {m.chat_edit_overtaken()} <q dir="auto">{plainTextOf(now, users)}</q>
        </>
      }
    >
      <Button size="small" onClick={overwrite}>
        {m.chat_edit_anyway()}
      </Button>
      <Button size="small" look="quiet" onClick={() => open.write({ edit: { ...based, text: now.text } })}>
        {m.chat_edit_take()}
      </Button>
    </Question>
  )
}

function EditedDeleted({ open, edit }: { open: OpenRoom; edit: MessageEdit }) {
  const sendAsNew = async () => {
    try {
      await open.post(edit.text)
      open.write({ edit: null })
    } catch {
      toast(m.chat_not_stored(), true)
    }
  }
  return (
    <Question says={m.chat_edit_deleted()}>
      {edit.text.trim() !== '' && (
        <>
          <Button size="small" onClick={() => void sendAsNew()}>
            {m.chat_send_as_new()}
          </Button>
          <Button size="small" look="quiet" onClick={() => void copyText(edit.text, m.chat_text_copied())}>
            {m.chat_copy_text()}
          </Button>
        </>
      )}
    </Question>
  )
}
