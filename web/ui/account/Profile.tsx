import './Profile.css'
import type { Me } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { NameFields } from '../forms/NameFields.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { TextField } from '../forms/TextField.tsx'
import { useEdits } from '../forms/useEdits.ts'
import { useForm } from '../forms/useForm.ts'
import { AccountTabs } from './AccountTabs.tsx'
import { DeleteAccountSection } from './DeleteAccount.tsx'
import { PagePane, Section } from './PagePane.tsx'
import { PictureSection } from './PictureSection.tsx'

/** `/profile`: what others see of oneself, and the end of the account. */
export function Profile() {
  return (
    <PagePane title={m.account_title()} tabs={<AccountTabs />}>
      <PictureSection />
      <ProfileForm />
      <DeleteAccountSection />
    </PagePane>
  )
}

/** One's names, status line and e-mail address. Only what was changed is sent. */
function ProfileForm() {
  const client = useClient()
  const me = useSelect(snapshot => snapshot.me)
  const { changed, edited, accept, foot } = useEdits('me', editable(me))
  const { form, field, busy, obstacle } = useForm({
    op: 'me.change',
    input: () => changed,
    send: input => client.call('me.change', input),
    done: ({ me: now }) => accept(now),
  })
  const of = (name: keyof typeof changed) => ({ ...field(name), ...edited(name) })
  return (
    <Section title={m.account_profile_about()} says={m.account_profile_about_says()}>
      <form {...form}>
        <ObstacleNotice obstacle={obstacle} />
        <NameFields of={of} own />
        <TextField
          {...of('status')}
          label={m.account_status()}
          hint={m.account_status_hint()}
          autoComplete="off"
          optional
        />
        <TextField
          {...of('email')}
          label={m.form_email()}
          hint={m.account_email_hint()}
          type="email"
          autoComplete="email"
          optional
        />
        <FormFoot busy={busy} {...foot} />
      </form>
    </Section>
  )
}

const editable = ({ displayName, username, firstName, lastName, status, email }: Me) => ({
  displayName,
  username,
  firstName,
  lastName,
  status,
  email,
})
