import type { ReactNode } from 'react'
import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import type { CallResult } from '../../sync/model.ts'
import { autofocus } from '../forms/autofocus.ts'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { TextField } from '../forms/TextField.tsx'
import { useAct } from '../forms/useAct.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import './dialogs.css'

export interface ConfirmDialogProps {
  title: string
  /** What will be lost. */
  children: ReactNode
  /** The button that does it, named after what it does. */
  confirm: string
  act: () => Promise<CallResult<unknown>>
  /** It happened; `onClose` is not called then. */
  onDone: () => void
  onClose: () => void
  /** A name that has to be typed first, for what cannot be mended. */
  typed?: string
}

/**
 * Asks before something is destroyed, does it, and stays with the reason where it was refused. What it is given of its subject has to be from
 * when it was opened: the event of what was done may be there before its answer, and would turn the question round.
 */
export function ConfirmDialog({ title, children, confirm, act, onDone, onClose, typed }: ConfirmDialogProps) {
  const { run, busy, obstacle } = useAct(act, onDone)
  const [text, setText] = useState('')
  const sure = typed === undefined || text.trim() === typed.trim()
  const actions = (
    <>
      <Button {...(typed === undefined && { ref: autofocus })} onClick={onClose} disabled={busy}>
        {m.form_cancel()}
      </Button>
      <Button look="danger" busy={busy} disabled={!sure} onClick={run}>
        {confirm}
      </Button>
    </>
  )
  return (
    <Dialog title={title} onClose={onClose} size="small" locked={busy} actions={actions}>
      <div className="dialog-stack">
        <ObstacleNotice obstacle={obstacle} />
        <div className="dialog-says">{children}</div>
        {typed !== undefined && (
          <TextField
            ref={autofocus}
            label={m.dialog_type_to_confirm({ name: typed })}
            value={text}
            onChange={event => setText(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </div>
    </Dialog>
  )
}
