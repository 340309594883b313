import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { callHttp } from '../../sync/transport/http-client.ts'
import { Choice } from '../forms/Choice.tsx'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { TextField } from '../forms/TextField.tsx'
import { UsernameField } from '../forms/UsernameField.tsx'
import type { Obstacle } from '../forms/useForm.ts'
import { filled, textOf, useForm } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { AuthCard } from './AuthCard.tsx'

/** First run: with the code that the server printed, names the workspace and makes its owner, anew or, where people were `imported`, of one of them. */
export function FirstRun({ imported, onSignedIn }: { imported: boolean; onSignedIn: () => void }) {
  return (
    <AuthCard monogram="C" title={m.account_setup_title()} says={m.account_setup_says()}>
      <FirstRunForm
        imported={imported}
        onDone={() => {
          history.replaceState(history.state, '', location.pathname + location.search)
          onSignedIn()
        }}
      />
    </AuthCard>
  )
}

/** The code in an address like `/#code=...`, which the server prints at its start; a fragment is never sent over the network. */
const codeInAddress = () => new URLSearchParams(location.hash.slice(1)).get('code') ?? ''

function FirstRunForm({ imported, onDone }: { imported: boolean; onDone: () => void }) {
  const [code] = useState(codeInAddress)
  const { form, field, busy, obstacle } = useForm({
    op: 'workspace.setUp',
    input: values => ({
      code: textOf(values, 'code').trim(),
      workspace: textOf(values, 'workspace'),
      username: textOf(values, 'username'),
      password: textOf(values, 'password'),
      displayName: filled(values, 'displayName'),
      account: accountOf(values),
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
      <OwnerFields field={field} imported={imported || asksWhose(obstacle)} />
      <Button type="submit" look="primary" size="large" wide busy={busy}>
        {m.account_setup_submit()}
      </Button>
    </form>
  )
}

type Whose = 'new' | 'imported'

/** Whose account the owner's is; not said where nobody was asked, so that the server asks where it must. */
function accountOf(values: FormData): Whose | undefined {
  const account = values.get('account')
  return account === 'imported' || account === 'new' ? account : undefined
}

/** People were imported since the page was loaded. */
const asksWhose = (obstacle: Obstacle | null) =>
  obstacle?.is === 'refused' && obstacle.error.field === 'account'

type OwnerField = 'username' | 'displayName' | 'password'

function OwnerFields({
  field,
  imported,
}: {
  field: (name: OwnerField) => { name: string; error: string | undefined }
  /** People were imported, and one of them may be meant. */
  imported: boolean
}) {
  const [who, setWho] = useState<Whose>('new')
  const isTheirs = imported && who === 'imported'
  return (
    <>
      {imported && <WhoseAccount who={who} onChoose={setWho} />}
      <UsernameField
        {...field('username')}
        hint={isTheirs ? m.account_setup_imported_hint() : m.form_username_hint()}
      />
      {!isTheirs && (
        <TextField {...field('displayName')} label={m.form_display_name()} autoComplete="name" optional />
      )}
      <PasswordField
        key={who}
        {...field('password')}
        label={m.form_password()}
        {...(!isTheirs && { hint: m.form_password_hint() })}
        autoComplete={isTheirs ? 'current-password' : 'new-password'}
        required
      />
    </>
  )
}

function WhoseAccount({ who, onChoose }: { who: Whose; onChoose: (who: Whose) => void }) {
  return (
    <Choice
      label={m.account_setup_who()}
      name="account"
      value={who}
      onChoose={onChoose}
      row
      choices={[
        { value: 'new', label: m.account_setup_new() },
        { value: 'imported', label: m.account_setup_imported() },
      ]}
    />
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
