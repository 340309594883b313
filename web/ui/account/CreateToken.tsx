import '../dialogs/dialogs.css'
import { useState } from 'react'
import type { TokenId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { autofocus } from '../forms/autofocus.ts'
import { CopyButton } from '../forms/CopyButton.tsx'
import { DialogFoot } from '../forms/DialogFoot.tsx'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { SelectField } from '../forms/SelectField.tsx'
import { TextField } from '../forms/TextField.tsx'
import { useTyped } from '../forms/unsaved.ts'
import { textOf, useForm } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { formatLocale } from '../time/locale.ts'

type Made = Output<'tokens.create'>

/** Makes a token and shows its secret, which nobody can be shown again. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Made | null>(null)
  return made ? (
    <MadeTokenDialog made={made} onClose={onClose} />
  ) : (
    <MakeTokenDialog onMade={setMade} onClose={onClose} />
  )
}

/** Days that a token lasts; 0 for ever. */
const lifetimes = [0, 7, 30, 90, 365]
const dayMs = 86_400_000

function MakeTokenDialog({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const client = useClient()
  // One id for all tries: a call whose answer was lost makes no second token.
  const [id] = useState(() => newId<TokenId>())
  const { form, field, busy, obstacle } = useForm({
    op: 'tokens.create',
    input: values => ({ id, name: textOf(values, 'name'), ...expiryOf(textOf(values, 'days')) }),
    send: input => client.call('tokens.create', input),
    done: made => {
      typed.discard()
      onMade(made)
    },
  })
  const typed = useTyped('new token', form)
  return (
    <Dialog title={m.account_token_create()} onClose={onClose} size="small" locked={busy}>
      <form {...typed.form}>
        <ObstacleNotice obstacle={obstacle} />
        <TextField
          {...field('name')}
          ref={autofocus}
          label={m.account_token_name()}
          hint={m.account_token_name_hint()}
          autoComplete="off"
          required
        />
        <SelectField
          label={m.account_token_expiry()}
          name="days"
          defaultValue="0"
          choices={lifetimes.map(lifetime)}
        />
        <DialogFoot busy={busy} submit={m.account_token_create()} onCancel={typed.discardAnd(onClose)} />
      </form>
    </Dialog>
  )
}

const expiryOf = (days: string) => (Number(days) > 0 ? { expires: Date.now() + Number(days) * dayMs } : {})

function lifetime(days: number) {
  if (days === 0) return { value: '0', label: m.account_token_never() }
  const words = new Intl.NumberFormat(formatLocale(), { style: 'unit', unit: 'day', unitDisplay: 'long' })
  return { value: String(days), label: m.account_token_in({ span: words.format(days) }) }
}

/** The secret of a token that was just made; a secret whose answer was lost cannot be had any more, and that is told. */
function MadeTokenDialog({ made, onClose }: { made: Output<'tokens.create'>; onClose: () => void }) {
  const { token } = made
  return (
    <Dialog
      title={token === undefined ? m.account_token_create() : m.account_token_made_title()}
      onClose={onClose}
      locked={token !== undefined}
      actions={
        <Button look="primary" onClick={onClose}>
          {m.account_token_done()}
        </Button>
      }
    >
      {token === undefined ? (
        <Notice look="warning">{m.account_token_lost()}</Notice>
      ) : (
        <div className="dialog-stack">
          <p className="dialog-says">{m.account_token_made_says()}</p>
          <div className="token-secret">
            <code>{token}</code>
            <CopyButton text={token} />
          </div>
        </div>
      )}
    </Dialog>
  )
}
