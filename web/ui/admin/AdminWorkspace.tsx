import { m } from '../../paraglide/messages.js'
import { Section } from '../account/PagePane.tsx'
import { useClient, useSelect } from '../client.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { TextField } from '../forms/TextField.tsx'
import { useEdits } from '../forms/useEdits.ts'
import { useForm } from '../forms/useForm.ts'
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
  const { name } = useSelect(snapshot => snapshot.workspace)
  const { changed, edited, accept, foot } = useEdits('workspace', { name })
  const { form, field, busy, obstacle } = useForm({
    op: 'workspace.change',
    input: () => ({ name: changed.name ?? name }),
    send: input => client.call('workspace.change', input),
    done: ({ workspace }) => accept(workspace),
  })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      <TextField
        {...field('name')}
        {...edited('name')}
        label={m.admin_workspace_name()}
        autoComplete="organization"
        required
      />
      <FormFoot busy={busy} {...foot} />
    </form>
  )
}
