import type { SelectHTMLAttributes } from 'react'
import type { FieldProps } from './Field.tsx'
import { Field } from './Field.tsx'

export interface SelectFieldProps<Value extends string>
  extends FieldProps,
    Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'defaultValue' | 'onChange'> {
  choices: readonly { value: Value; label: string }[]
  value?: Value
  defaultValue?: Value
  onChoose?: (value: Value) => void
}

/** One of a few. */
export function SelectField<Value extends string>({
  label,
  hint,
  error,
  optional,
  bare,
  choices,
  onChoose,
  ...select
}: SelectFieldProps<Value>) {
  return (
    <Field {...{ label, hint, error, ...(optional && { optional }), ...(bare && { bare }) }}>
      {control => (
        <select
          {...select}
          {...control}
          className="input"
          onChange={event => {
            const chosen = choices.find(choice => choice.value === event.target.value)
            if (chosen) onChoose?.(chosen.value)
          }}
        >
          {choices.map(choice => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
