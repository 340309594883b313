import type { InputHTMLAttributes, Ref } from 'react'
import type { FieldProps } from './Field.tsx'
import { Field } from './Field.tsx'

export interface TextFieldProps extends FieldProps, InputHTMLAttributes<HTMLInputElement> {
  name?: string
  ref?: Ref<HTMLInputElement>
}

/** One line of text. */
export function TextField({ label, hint, error, optional, bare, ...input }: TextFieldProps) {
  return (
    <Field {...{ label, hint, error, ...(optional && { optional }), ...(bare && { bare }) }}>
      {control => <input type="text" dir="auto" className="input" {...input} {...control} />}
    </Field>
  )
}
