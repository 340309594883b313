import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { Section } from '../account/Page.tsx'
import { useClient, useSelect } from '../client.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { TextField } from '../forms/TextField.tsx'
import { useForm } from '../forms/use-form.ts'
import { AdminPage } from './AdminPage.tsx'

/** `/admin/workspace`: what the whole is called. */
export function AdminWorkspace() {
  return (
    <AdminPage>
      <Section title={m.admin_workspace()} says={m.admin_workspace_says()}>
        <NameForm />
      </Section>
    </AdminPage>
  )
}

function NameForm() {
  const client = useClient()
  const current = useSelect(snapshot => snapshot.workspace.name)
  const [edited, setEdited] = useState<string | null>(null)
  const [saved, setSaved] = useState(false)
  const name = edited ?? current
  const { form, field, busy, obstacle } = useForm({
    op: 'workspace.change',
    input: () => ({ name }),
    send: input => client.call('workspace.change', input),
    done: ({ workspace }) => {
      setEdited(workspace.name)
      setSaved(true)
    },
  })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      <TextField
        {...field('name')}
        label={m.admin_workspace_name()}
        autoComplete="organization"
        required
        value={name}
        onChange={event => {
          setEdited(event.target.value)
          setSaved(false)
        }}
      />
      <FormFoot busy={busy} dirty={name !== current} saved={saved} onDiscard={() => setEdited(null)} />
    </form>
  )
}
