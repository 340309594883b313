import { m } from '../../paraglide/messages.js'
import { Button } from '../parts/Button.tsx'
import { errorText } from './error-text.ts'
import type { FormRefusal } from './useForm.ts'
import './LoadFailed.css'

/** In the place of a list that did not come: why, and a way to ask again. */
export function LoadFailed({ answer, again }: { answer: FormRefusal; again: () => void }) {
  return (
    <div className="load-failed" role="alert">
      <p>{'error' in answer ? errorText(answer.error) : m.form_error_unreachable()}</p>
      <Button size="small" onClick={again}>
        {m.form_retry()}
      </Button>
    </div>
  )
}
