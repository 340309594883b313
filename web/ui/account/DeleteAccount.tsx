import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { Choice } from '../forms/Choice.tsx'
import { DialogFoot } from '../forms/DialogFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { textOf, useForm } from '../forms/useForm.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { toast } from '../parts/toast.ts'
import { Section } from './PagePane.tsx'
import '../dialogs/dialogs.css'
import { DangerButton } from '../forms/DangerButton.tsx'
import '../forms/FormFoot.css'

/** The end of one's account. The session ends with it, which is what leads away from here. */
export function DeleteAccountSection() {
  const [open, setOpen] = useState(false)
  return (
    <Section title={m.account_delete()} danger>
      <div className="form-foot form-foot-apart">
        <p className="field-hint">{m.account_delete_says()}</p>
        <DangerButton onClick={() => setOpen(true)}>{m.account_delete_open()}</DangerButton>
      </div>
      {open && <DeleteAccountDialog onClose={() => setOpen(false)} />}
    </Section>
  )
}

function DeleteAccountDialog({ onClose }: { onClose: () => void }) {
  const client = useClient()
  const [messages, setMessages] = useState<'keep' | 'delete'>('keep')
  const { form, field, busy, obstacle } = useForm({
    op: 'me.confirm',
    input: values => ({ password: textOf(values, 'password') }),
    send: async input => {
      const confirmed = await client.call('me.confirm', input)
      return 'ok' in confirmed ? client.call('me.remove', { messages }) : confirmed
    },
    done: () => toast(m.account_deleted()),
  })
  return (
    <Dialog title={m.account_delete_title()} onClose={onClose} locked={busy}>
      <form {...form}>
        <ObstacleNotice obstacle={obstacle} />
        <p className="dialog-says">{m.account_delete_lost()}</p>
        <MessagesChoice label={m.account_delete_messages()} value={messages} onChoose={setMessages} />
        <PasswordField
          {...field('password')}
          label={m.account_password_yours()}
          autoComplete="current-password"
          required
        />
        <DialogFoot busy={busy} submit={m.account_delete()} look="danger" onCancel={onClose} />
      </form>
    </Dialog>
  )
}

/** Whether the messages of an account stay when it goes. */
export function MessagesChoice({
  label,
  value,
  onChoose,
}: {
  label: string
  value: 'keep' | 'delete'
  onChoose: (value: 'keep' | 'delete') => void
}) {
  return (
    <Choice
      label={label}
      name="messages"
      value={value}
      onChoose={onChoose}
      choices={[
        { value: 'keep', label: m.account_delete_keep(), says: m.account_delete_keep_says() },
        { value: 'delete', label: m.account_delete_all(), says: m.account_delete_all_says() },
      ]}
    />
  )
}
