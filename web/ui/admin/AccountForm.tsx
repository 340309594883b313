import { useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { startHere } from '../forms/start-here.ts'
import { TextField } from '../forms/TextField.tsx'
import { useForm } from '../forms/use-form.ts'
import '../forms/FormFoot.css'

const fields = ['displayName', 'username', 'firstName', 'lastName', 'email'] as const
type FieldName = (typeof fields)[number]
type Edits = Partial<Record<FieldName, string>>

/** The names and the e-mail address of somebody's account. Only what was changed is sent. */
export function AccountForm({ user, onChanged }: { user: User; onChanged: (user: User) => void }) {
  const client = useClient()
  const [edits, setEdits] = useState<Edits>({})
  const [saved, setSaved] = useState(false)
  const changed = changesOf(edits, user)
  const dirty = Object.keys(changed).length > 0
  const { form, field, busy, obstacle } = useForm({
    op: 'users.change',
    input: () => ({ id: user.id, ...changed }),
    send: input => client.call('users.change', input),
    done: ({ user: now }) => {
      // The answer may be here before its event: until then what was saved stands in the fields.
      setEdits(Object.fromEntries(fields.map(name => [name, now[name] ?? ''])))
      setSaved(true)
      onChanged(now)
    },
  })
  const edit = (name: FieldName) => ({
    ...field(name),
    autoComplete: 'off',
    value: edits[name] ?? user[name] ?? '',
    onChange: (event: { target: HTMLInputElement }) => {
      setEdits({ ...edits, [name]: event.target.value })
      setSaved(false)
    },
  })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      <div className="form-row">
        <TextField {...edit('displayName')} ref={startHere} label={m.form_display_name()} required />
        <TextField
          {...edit('username')}
          label={m.form_username()}
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <TextField {...edit('firstName')} label={m.form_first_name()} optional />
        <TextField {...edit('lastName')} label={m.form_last_name()} optional />
      </div>
      <TextField {...edit('email')} label={m.form_email()} type="email" optional />
      <FormFoot busy={busy} dirty={dirty} saved={saved} onDiscard={() => setEdits({})} />
    </form>
  )
}

const changesOf = (edits: Edits, user: User): Edits =>
  Object.fromEntries(
    fields
      .filter(name => edits[name] !== undefined && edits[name] !== (user[name] ?? ''))
      .map(name => [name, edits[name]]),
  )
