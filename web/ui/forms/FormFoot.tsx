import { Check } from 'lucide-react'
import { m } from '../../paraglide/messages.js'
import { Button } from '../parts/Button.tsx'
import './FormFoot.css'

/** The foot of a form that stays open: saving, going back to what was, and which of both it is. */
export function FormFoot({
  busy,
  dirty,
  saved,
  onDiscard,
}: {
  busy: boolean
  dirty: boolean
  saved: boolean
  onDiscard: () => void
}) {
  return (
    <div className="form-foot">
      <Button type="submit" look="primary" busy={busy} disabled={!dirty && !busy}>
        {m.form_save()}
      </Button>
      {dirty && !busy && (
        <Button look="quiet" onClick={onDiscard}>
          {m.form_discard()}
        </Button>
      )}
      <span className="form-state" role="status" data-done={saved && !dirty ? '' : undefined}>
        {dirty ? !busy && m.account_unsaved() : saved && <SavedWord />}
      </span>
    </div>
  )
}

const SavedWord = () => (
  <>
    <Check aria-hidden="true" />
    {m.form_saved()}
  </>
)
