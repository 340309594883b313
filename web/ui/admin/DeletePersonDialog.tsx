import { useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx'
import { Choice } from '../forms/Choice.tsx'
import { nameOf } from '../people/names.ts'

/** Deletes somebody's account, with their messages or without. */
export function DeletePersonDialog({
  user,
  onDone,
  onClose,
}: {
  user: User
  onDone: () => void
  onClose: () => void
}) {
  const client = useClient()
  const [messages, setMessages] = useState<'keep' | 'delete'>('keep')
  return (
    <ConfirmDialog
      title={m.admin_delete_title({ name: nameOf(user) })}
      confirm={m.admin_delete()}
      act={() => client.call('users.remove', { id: user.id, messages })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{m.admin_delete_lost()}</p>
      <Choice
        label={m.admin_delete_messages()}
        name="messages"
        value={messages}
        onChoose={setMessages}
        choices={[
          { value: 'keep', label: m.admin_delete_keep(), says: m.admin_delete_keep_says() },
          { value: 'delete', label: m.admin_delete_all(), says: m.admin_delete_all_says() },
        ]}
      />
    </ConfirmDialog>
  )
}
