import { m } from '../../paraglide/messages.js'
import { callHttp } from '../../sync/door.ts'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { TextField } from '../forms/TextField.tsx'
import { textOf, useForm } from '../forms/use-form.ts'
import { Button } from '../parts/Button.tsx'
import { DoorCard } from './DoorCard.tsx'
import { markOf } from './mark.ts'

/** Signing in with username and password. */
export function SignIn({ workspace, onSignedIn }: { workspace: string; onSignedIn: () => void }) {
  const { form, field, busy, obstacle } = useForm({
    op: 'account.signIn',
    input: values => ({ username: textOf(values, 'username'), password: textOf(values, 'password') }),
    send: input => callHttp('account.signIn', input),
    done: onSignedIn,
  })
  return (
    <DoorCard
      mark={markOf(workspace)}
      title={m.account_sign_in_title({ workspace })}
      foot={
        <>
          {m.account_sign_in_to_up()} <a href="#sign-up">{m.account_sign_up()}</a>
        </>
      }
    >
      <form {...form}>
        <ObstacleNotice obstacle={obstacle} />
        <TextField
          {...field('username')}
          label={m.form_username()}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
        />
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
    </DoorCard>
  )
}
