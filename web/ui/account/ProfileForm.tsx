import { useState } from 'react'
import type { Me } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { TextField } from '../forms/TextField.tsx'
import { useForm } from '../forms/use-form.ts'
import { Section } from './Page.tsx'
import '../forms/FormFoot.css'

const fields = ['displayName', 'username', 'firstName', 'lastName', 'status', 'email'] as const
type FieldName = (typeof fields)[number]
type Edits = Partial<Record<FieldName, string>>

/** One's names, status line and e-mail address. Only what was changed is sent. */
export function ProfileForm() {
  const client = useClient()
  const me = useSelect(snapshot => snapshot.me)
  const [edits, setEdits] = useState<Edits>({})
  const [saved, setSaved] = useState(false)
  const changed = changesOf(edits, me)
  const dirty = Object.keys(changed).length > 0
  const { form, field, busy, obstacle } = useForm({
    op: 'me.change',
    input: () => changed,
    send: input => client.call('me.change', input),
    done: result => {
      // The answer may be here before its event: until then what was saved stands in the fields.
      setEdits(Object.fromEntries(fields.map(name => [name, result.me[name]])))
      setSaved(true)
    },
  })
  const edit = (name: FieldName) => ({
    ...field(name),
    value: edits[name] ?? me[name],
    onChange: (event: { target: HTMLInputElement }) => {
      setEdits({ ...edits, [name]: event.target.value })
      setSaved(false)
    },
  })
  return (
    <Section title={m.account_profile_about()} says={m.account_profile_about_says()}>
      <form {...form}>
        <ObstacleNotice obstacle={obstacle} />
        <div className="form-row">
          <TextField {...edit('displayName')} label={m.form_display_name()} autoComplete="name" required />
          <TextField
            {...edit('username')}
            label={m.form_username()}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
          <TextField {...edit('firstName')} label={m.form_first_name()} autoComplete="given-name" optional />
          <TextField {...edit('lastName')} label={m.form_last_name()} autoComplete="family-name" optional />
        </div>
        <TextField
          {...edit('status')}
          label={m.account_status()}
          hint={m.account_status_hint()}
          autoComplete="off"
          optional
        />
        <TextField
          {...edit('email')}
          label={m.form_email()}
          hint={m.account_email_hint()}
          type="email"
          autoComplete="email"
          optional
        />
        <FormFoot busy={busy} dirty={dirty} saved={saved} onDiscard={() => setEdits({})} />
      </form>
    </Section>
  )
}

const changesOf = (edits: Edits, me: Me): Edits =>
  Object.fromEntries(
    fields
      .filter(name => edits[name] !== undefined && edits[name] !== me[name])
      .map(name => [name, edits[name]]),
  )
