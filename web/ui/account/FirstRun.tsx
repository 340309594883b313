import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { callHttp } from '../../sync/door.ts'
import { Choice } from '../forms/Choice.tsx'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { TextField } from '../forms/TextField.tsx'
import { UsernameField } from '../forms/UsernameField.tsx'
import { filled, textOf, useForm } from '../forms/use-form.ts'
import { Button } from '../parts/Button.tsx'
import { DoorCard } from './DoorCard.tsx'

/** First run: with the code that the server printed, names the workspace and makes its owner, anew or of an imported administrator. */
export function FirstRun({ onSignedIn }: { onSignedIn: () => void }) {
  return (
    <DoorCard mark="C" title={m.account_setup_title()} says={m.account_setup_says()}>
      <FirstRunForm
        onDone={() => {
          history.replaceState(history.state, '', location.pathname + location.search)
          onSignedIn()
        }}
      />
    </DoorCard>
  )
}

/** The code in an address like `/#code=...`, which the server prints at its start; a fragment is never sent over the network. */
const codeInAddress = () => new URLSearchParams(location.hash.slice(1)).get('code') ?? ''

function FirstRunForm({ onDone }: { onDone: () => void }) {
  const [code] = useState(codeInAddress)
  const { form, field, busy, obstacle } = useForm({
    op: 'workspace.setUp',
    input: values => ({
      code: textOf(values, 'code').trim(),
      workspace: textOf(values, 'workspace'),
      username: textOf(values, 'username'),
      password: textOf(values, 'password'),
      displayName: filled(values, 'displayName'),
      account: textOf(values, 'account') === 'imported' ? 'imported' : 'new',
    }),
    send: input => callHttp('workspace.setUp', input),
    done: onDone,
  })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      <CodeField code={code} {...field('code')} />
      <TextField
        {...field('workspace')}
        label={m.account_setup_workspace()}
        hint={m.account_setup_workspace_hint()}
        autoComplete="organization"
        required
      />
      <OwnerFields field={field} />
      <Button type="submit" look="primary" size="large" wide busy={busy}>
        {m.account_setup_submit()}
      </Button>
    </form>
  )
}

type OwnerField = 'username' | 'displayName' | 'password'

function OwnerFields({
  field,
}: {
  field: (name: OwnerField) => { name: string; error: string | undefined }
}) {
  const [who, setWho] = useState<'new' | 'imported'>('new')
  const imported = who === 'imported'
  return (
    <>
      <Choice
        label={m.account_setup_who()}
        name="account"
        value={who}
        onChoose={setWho}
        row
        choices={[
          { value: 'new', label: m.account_setup_new() },
          { value: 'imported', label: m.account_setup_imported() },
        ]}
      />
      <UsernameField
        {...field('username')}
        hint={imported ? m.account_setup_imported_hint() : m.form_username_hint()}
      />
      {!imported && (
        <TextField {...field('displayName')} label={m.form_display_name()} autoComplete="name" optional />
      )}
      <PasswordField
        key={who}
        {...field('password')}
        label={m.form_password()}
        {...(!imported && { hint: m.form_password_hint() })}
        autoComplete={imported ? 'current-password' : 'new-password'}
        required
      />
    </>
  )
}

/** The set-up code: to be typed, or a word that the address brought it. A wrong one is shown, to be mended. */
function CodeField({ code, name, error }: { code: string; name: string; error: string | undefined }) {
  if (code !== '' && error === undefined) {
    return (
      <Notice look="success">
        {m.account_setup_code_taken()}
        <input type="hidden" name={name} value={code} />
      </Notice>
    )
  }
  return (
    <TextField
      name={name}
      error={error}
      label={m.account_setup_code()}
      hint={m.account_setup_code_hint()}
      defaultValue={code}
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
    />
  )
}
