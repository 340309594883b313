import { useState } from 'react'
import type { TokenId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import type { Input, Output } from '../../../contract/operations.ts'
import { m } from '../../paraglide/messages.js'
import { getLocale } from '../../paraglide/runtime.js'
import type { Answer } from '../../sync/model.ts'
import { useClient } from '../client.tsx'
import { CopyButton } from '../forms/CopyButton.tsx'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { SelectField } from '../forms/SelectField.tsx'
import { startHere } from '../forms/start-here.ts'
import { TextField } from '../forms/TextField.tsx'
import { textOf, useForm } from '../forms/use-form.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import '../dialogs/dialogs.css'

/** Makes a token and shows its secret, which nobody can be shown again. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Output<'tokens.create'> | null>(null)
  return made ? <Made made={made} onClose={onClose} /> : <Make onMade={setMade} onClose={onClose} />
}

/** Days that a token lasts; 0 for ever. */
const lifetimes = [0, 7, 30, 90, 365]
const dayMs = 86_400_000
/** Where the password is asked for, the person goes on there. One function, so that React calls it once. */
const focusIt = (input: HTMLInputElement | null) => input?.focus()

function Make({ onMade, onClose }: { onMade: (made: Output<'tokens.create'>) => void; onClose: () => void }) {
  const client = useClient()
  // One id for all tries: a call whose answer was lost makes no second token.
  const [id] = useState(() => newId<TokenId>())
  const [asking, setAsking] = useState(false)
  const [password, setPassword] = useState('')

  async function send(input: Input<'tokens.create'>): Promise<Answer<Output<'tokens.create'>>> {
    if (asking) {
      const confirmed = await client.call('me.confirm', { password })
      if (!('ok' in confirmed)) return confirmed
    }
    const answer = await client.call('tokens.create', input)
    if ('error' in answer && answer.error.code === 'confirm_needed') setAsking(true)
    return answer
  }
  const { form, field, errors, busy, obstacle } = useForm({
    op: 'tokens.create',
    input: values => {
      const days = Number(textOf(values, 'days'))
      return { id, name: textOf(values, 'name'), ...(days > 0 && { expires: Date.now() + days * dayMs }) }
    },
    send,
    done: onMade,
  })
  const merelyAsks = obstacle?.is === 'refused' && obstacle.error.code === 'confirm_needed'
  return (
    <Dialog title={m.account_token_create()} onClose={onClose} size="small" locked={busy}>
      <form {...form}>
        <ObstacleNotice obstacle={merelyAsks ? null : obstacle} />
        <TextField
          {...field('name')}
          ref={startHere}
          label={m.account_token_name()}
          hint={m.account_token_name_hint()}
          autoComplete="off"
          required
        />
        <SelectField
          label={m.account_token_expiry()}
          name="days"
          defaultValue="0"
          choices={lifetimes.map(choice)}
        />
        {asking && (
          <PasswordField
            ref={focusIt}
            name="password"
            error={errors.password}
            label={m.account_password_yours()}
            hint={m.account_confirm_says()}
            autoComplete="current-password"
            required
            value={password}
            onChange={event => setPassword(event.target.value)}
          />
        )}
        <footer className="dialog-actions">
          <Button onClick={onClose} disabled={busy}>
            {m.form_cancel()}
          </Button>
          <Button type="submit" look="primary" busy={busy}>
            {m.account_token_create()}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

function choice(days: number) {
  if (days === 0) return { value: '0', label: m.account_token_never() }
  const span = new Intl.NumberFormat(getLocale(), { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(
    days,
  )
  return { value: String(days), label: m.account_token_in({ span }) }
}

function Made({ made, onClose }: { made: Output<'tokens.create'>; onClose: () => void }) {
  return (
    <Dialog
      title={made.token === undefined ? m.account_token_create() : m.account_token_made_title()}
      onClose={onClose}
      locked={made.token !== undefined}
      actions={
        <Button look="primary" onClick={onClose}>
          {m.account_token_done()}
        </Button>
      }
    >
      {made.token === undefined ? (
        <Notice look="warning">{m.account_token_lost()}</Notice>
      ) : (
        <div className="dialog-stack">
          <p className="dialog-says">{m.account_token_made_says()}</p>
          <div className="token-secret">
            <code>{made.token}</code>
            <CopyButton text={made.token} />
          </div>
        </div>
      )}
    </Dialog>
  )
}
