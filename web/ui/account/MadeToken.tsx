import type { Output } from '../../../contract/operations.ts'
import { m } from '../../paraglide/messages.js'
import { CopyButton } from '../forms/CopyButton.tsx'
import { Notice } from '../forms/Notice.tsx'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'

/** The secret of a token that was just made; a secret whose answer was lost cannot be had any more, and that is told. */
export function MadeTokenDialog({ made, onClose }: { made: Output<'tokens.create'>; onClose: () => void }) {
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
