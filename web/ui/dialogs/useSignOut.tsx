import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import type { Obstacle } from '../forms/useForm.ts'
import { obstacleOf } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'

type State =
  | { is: 'rest' }
  | { is: 'asking' }
  | { is: 'unsent'; unsent: number; drafts: number }
  | { is: 'failed'; why: Obstacle }

/**
 * Signing out: at once where everything is sent and nothing is begun, else after a question. `ask` begins it; `dialog` is to be rendered, for the question
 * and for why it did not happen; `onRest`: one stays. When it did, the client ends, and the page with it.
 */
export function useSignOut(onRest: () => void = () => {}) {
  const client = useClient()
  const [state, setState] = useState<State>({ is: 'rest' })
  const rest = () => {
    setState({ is: 'rest' })
    onRest()
  }

  async function ask() {
    setState({ is: 'asking' })
    const unsent = client.snapshot().unsent
    const drafts = client.snapshot().drafts.size
    if (unsent + drafts > 0) return setState({ is: 'unsent', unsent, drafts })
    const answer = await client.signOut()
    setState('ok' in answer ? { is: 'rest' } : { is: 'failed', why: obstacleOf(answer) })
  }

  const dialog =
    state.is === 'unsent' ? (
      <UnsentDialog unsent={state.unsent} drafts={state.drafts} rest={rest} />
    ) : state.is === 'failed' ? (
      <FailedDialog why={state.why} rest={rest} retry={() => void ask()} />
    ) : null
  return { ask: () => void ask(), asking: state.is === 'asking', dialog }
}

function UnsentDialog({ unsent, drafts, rest }: { unsent: number; drafts: number; rest: () => void }) {
  const client = useClient()
  return (
    <ConfirmDialog
      title={lossTitle(unsent, drafts)}
      confirm={m.dialog_sign_out_anyway()}
      act={() => client.signOut()}
      onDone={rest}
      onClose={rest}
    >
      {unsent > 0 && <p>{m.dialog_sign_out_unsent({ count: unsent })}</p>}
      {drafts > 0 && <p>{m.dialog_sign_out_drafts({ count: drafts })}</p>}
    </ConfirmDialog>
  )
}

function FailedDialog({ why, rest, retry }: { why: Obstacle; rest: () => void; retry: () => void }) {
  return (
    <Dialog
      title={m.dialog_sign_out_failed_title()}
      onClose={rest}
      size="small"
      actions={
        <>
          <Button onClick={rest}>{m.form_cancel()}</Button>
          <Button look="primary" onClick={retry}>
            {m.form_retry()}
          </Button>
        </>
      }
    >
      <ObstacleNotice obstacle={why} />
    </Dialog>
  )
}

const lossTitle = (unsent: number, drafts: number): string =>
  unsent > 0 ? m.dialog_sign_out_unsent_title() : m.dialog_sign_out_drafts_title({ count: drafts })
