import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId } from 'react'
import { m } from '../../paraglide/messages.js'
import './Field.css'

/** What every field takes, whatever is inside. */
export interface FieldProps {
  label: string
  /** Stands under the field: what is wanted. */
  hint?: ReactNode
  /** What is wrong with what stands there. */
  error?: string | undefined
  /** Says so beside the label. Nothing is said of fields that must be filled in. */
  optional?: boolean
  /** The label is for screen readers only, where the surroundings say it. */
  bare?: boolean
}

/** What the control itself needs, to be named and described by the rest. */
export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

/** A label, a control, its hint and its error, tied together for screen readers. */
export function Field({
  label,
  hint,
  error,
  optional,
  bare,
  children,
}: FieldProps & { children: (control: ControlProps) => ReactNode }) {
  const id = useId()
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id} className={bare ? 'unseen' : 'field-label'}>
        {label}
        {optional && <span className="field-optional">{m.form_optional()}</span>}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && (
        <p id={`${id}-error`} className="field-error">
          <CircleAlert aria-hidden="true" />
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="field-hint" hidden={Boolean(error)}>
          {hint}
        </p>
      )}
    </div>
  )
}
