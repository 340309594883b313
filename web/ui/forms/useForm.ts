import type { SubmitEvent } from 'react'
import { use, useEffect, useRef, useState } from 'react'
import type { WireError } from '../../../contract/frames.ts'
import type { Input, OperationName, Output } from '../../../contract/operations.ts'
import type { CallResult } from '../../sync/model.ts'
import { CurrentClient } from '../client.tsx'
import type { FieldError } from './check-input.ts'
import { checkInput, fieldOf } from './check-input.ts'
import { confirmed } from './confirmed.ts'
import { fieldText } from './error-text.ts'

/** What stands in the way, but at no field. */
export type Obstacle = { is: 'unreachable' } | { is: 'refused'; error: WireError }

/** An answer that is none. */
export type FormRefusal = Exclude<CallResult<unknown>, { ok: unknown }>

export interface FormOptions<Name extends OperationName> {
  op: Name
  /** What the fields say, by their names: the fields of the form are called as those of the operation's input. */
  input: (values: FormData) => Input<Name>
  /** Calls the operation: over the client, or over HTTP for who is signed out. */
  send: (input: Input<Name>) => Promise<CallResult<Output<Name>>>
  done: (result: Output<Name>) => void
}

interface Progress {
  busy: boolean
  errors: Readonly<Record<string, string>>
  obstacle: Obstacle | null
}

const atRest: Progress = { busy: false, errors: {}, obstacle: null }

/**
 * A form that calls one operation. What the contract refuses is told before anything is sent; what the server refuses is told at its
 * field, which gets the focus, else as `obstacle`.
 */
export function useForm<Name extends OperationName>({ op, input, send, done }: FormOptions<Name>) {
  const client = use(CurrentClient)
  const ref = useRef<HTMLFormElement>(null)
  const [progress, setProgress] = useState(atRest)

  useEffect(() => {
    if (Object.keys(progress.errors).length === 0) return
    ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [progress.errors])

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (progress.busy) return
    const values = new FormData(event.currentTarget)
    const wanted = input(values)
    const refused = [...unfilled(event.currentTarget), ...checkInput(op, wanted, name => values.has(name))]
    if (refused.length > 0) return setProgress({ ...atRest, errors: texts(refused, values) })
    setProgress({ ...atRest, busy: true })
    const answer = await confirmed(client, () => send(wanted))
    setProgress(outcome(answer, values))
    if ('ok' in answer) done(answer.ok)
  }

  return {
    ...progress,
    /** For the form element. Editing a field takes its error away. */
    form: {
      ref,
      noValidate: true,
      onSubmit: submit,
      onInput: (event: { target: EventTarget }) => {
        const name = (event.target as HTMLInputElement).name
        if (Object.hasOwn(progress.errors, name))
          setProgress({ ...progress, errors: without(progress.errors, name) })
      },
    },
    /** For the field of that name. */
    field: (name: string & keyof Input<Name>) => ({ name, error: progress.errors[name] }),
  }
}

/** Why an act that is not a form's did not happen. */
export const obstacleOf = (answer: FormRefusal): Obstacle =>
  'error' in answer ? { is: 'refused', error: answer.error } : { is: 'unreachable' }

function outcome<T>(answer: CallResult<T>, values: FormData): Progress {
  if ('ok' in answer) return atRest
  if ('unreachable' in answer) return { ...atRest, obstacle: obstacleOf(answer) }
  const field = fieldOf(answer.error, name => values.has(name))
  if (field === null) return { ...atRest, obstacle: obstacleOf(answer) }
  return { ...atRest, errors: texts([{ ...answer.error, field }], values) }
}

const texts = (refused: readonly FieldError[], values: FormData) =>
  Object.fromEntries(
    refused.map(error => [error.field, fieldText(error.field, textOf(values, error.field), error)]),
  )

/** Fields that are `required` and blank. The operations take some of them empty, to answer "wrong" by comparing alone. */
const unfilled = (form: HTMLFormElement): FieldError[] =>
  [...form.elements]
    .filter(element => element instanceof HTMLInputElement)
    .filter(input => input.required && input.value.trim() === '')
    .map(input => ({ code: 'invalid', field: input.name, message: '' }))

const without = (errors: Readonly<Record<string, string>>, name: string) =>
  Object.fromEntries(Object.entries(errors).filter(([field]) => field !== name))

/** A field as text; empty where there is none of that name. */
export function textOf(values: FormData, name: string): string {
  const value = values.get(name)
  return typeof value === 'string' ? value : ''
}

/** A field as text, `undefined` where it is blank. */
export const filled = (values: FormData, name: string): string | undefined =>
  textOf(values, name).trim() === '' ? undefined : textOf(values, name)
