import { m } from '../../paraglide/messages.js'
import { callHttp } from '../../sync/transport/http-client.ts'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { TextField } from '../forms/TextField.tsx'
import { UsernameField } from '../forms/UsernameField.tsx'
import { filled, textOf, useForm } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { AuthCard } from './AuthCard.tsx'
import { monogramOf } from './monogram.ts'

/** Making an account, which signs it in. */
export function SignUp({ workspace, onSignedIn }: { workspace: string; onSignedIn: () => void }) {
  const foot = (
    <>
      {m.account_sign_up_to_in()} <a href="#sign-in">{m.account_sign_in()}</a>
    </>
  )
  return (
    <AuthCard monogram={monogramOf(workspace)} title={m.account_sign_up_title({ workspace })} foot={foot}>
      <SignUpForm onSignedIn={onSignedIn} />
    </AuthCard>
  )
}

function SignUpForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { form, field, busy, obstacle } = useForm({
    op: 'account.signUp',
    input: values => ({
      username: textOf(values, 'username'),
      password: textOf(values, 'password'),
      displayName: filled(values, 'displayName'),
    }),
    send: input => callHttp('account.signUp', input),
    done: onSignedIn,
  })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      <UsernameField {...field('username')} hint={m.form_username_hint()} />
      <TextField
        {...field('displayName')}
        label={m.form_display_name()}
        hint={m.account_display_name_hint()}
        autoComplete="name"
        optional
      />
      <PasswordField
        {...field('password')}
        label={m.form_password()}
        hint={m.form_password_hint()}
        autoComplete="new-password"
        required
      />
      <Button type="submit" look="primary" size="large" wide busy={busy}>
        {m.account_sign_up_submit()}
      </Button>
    </form>
  )
}
