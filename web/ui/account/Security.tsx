import '../forms/FormFoot.css'
import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { textOf, useForm } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { AccountTabs } from './AccountTabs.tsx'
import { PagePane, Section } from './PagePane.tsx'
import { Sessions } from './Sessions.tsx'
import { Tokens } from './Tokens.tsx'

/** `/security`: how one gets in, and what is in already. */
export function Security() {
  return (
    <PagePane title={m.account_title()} tabs={<AccountTabs />}>
      <ChangePassword />
      <Sessions />
      <Tokens />
    </PagePane>
  )
}

/** A new password, for who knows the current one. */
function ChangePassword() {
  const [changes, setChanges] = useState(0)
  return (
    <Section title={m.account_password_section()} says={m.account_password_says()}>
      {changes > 0 && (
        <Notice key={changes} look="success" announce>
          {m.account_password_changed()}
        </Notice>
      )}
      <PasswordForm key={`form ${changes}`} onDone={() => setChanges(changes + 1)} />
    </Section>
  )
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const client = useClient()
  const username = useSelect(snapshot => snapshot.me.username)
  const { form, field, busy, obstacle } = useForm({
    op: 'me.changePassword',
    input: values => ({ current: textOf(values, 'current'), password: textOf(values, 'password') }),
    send: input => client.call('me.changePassword', input),
    done: onDone,
  })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      {/* For password managers, which keep the new password under this name. */}
      <input hidden readOnly autoComplete="username" value={username} />
      <div className="form-row">
        <PasswordField
          {...field('current')}
          label={m.account_password_current()}
          autoComplete="current-password"
          required
        />
        <PasswordField
          {...field('password')}
          label={m.account_password_new()}
          hint={m.form_password_hint()}
          autoComplete="new-password"
          required
        />
      </div>
      <div className="form-foot">
        <Button type="submit" look="primary" busy={busy}>
          {m.account_password_change()}
        </Button>
      </div>
    </form>
  )
}
