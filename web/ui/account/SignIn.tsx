import { m } from '../../paraglide/messages.js'
import { callHttp } from '../../sync/transport/http-client.ts'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { UsernameField } from '../forms/UsernameField.tsx'
import { textOf, useForm } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { AuthCard } from './AuthCard.tsx'
import { monogramOf } from './monogram.ts'

/** Signing in with username and password. */
export function SignIn({ workspace, onSignedIn }: { workspace: string; onSignedIn: () => void }) {
  const foot = (
    <>
      {m.account_sign_in_to_up()} <a href="#sign-up">{m.account_sign_up()}</a>
    </>
  )
  return (
    <AuthCard monogram={monogramOf(workspace)} title={m.account_sign_in_title({ workspace })} foot={foot}>
      <SignInForm onSignedIn={onSignedIn} />
    </AuthCard>
  )
}

function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { form, field, busy, obstacle } = useForm({
    op: 'account.signIn',
    input: values => ({ username: textOf(values, 'username'), password: textOf(values, 'password') }),
    send: input => callHttp('account.signIn', input),
    done: onSignedIn,
  })
  return (
    <form {...form}>
      {obstacle?.is === 'refused' && obstacle.error.code === 'denied' ? (
        <Notice look="danger" announce>
          {m.account_deactivated()}
        </Notice>
      ) : (
        <ObstacleNotice obstacle={obstacle} />
      )}
      <UsernameField {...field('username')} />
      <PasswordField
        {...field('password')}
        label={m.form_password()}
        autoComplete="current-password"
        required
      />
      <Button type="submit" look="primary" size="large" wide busy={busy}>
        {m.account_sign_in()}
      </Button>
    </form>
  )
}
