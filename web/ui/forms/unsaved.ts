import { useEffect, useState } from 'react'
import { keepEdits, keptEditsOf, opened } from './kept-edits.ts'

interface FormProps {
  readonly ref: { readonly current: HTMLFormElement | null }
  readonly onInput: (event: { target: EventTarget }) => void
}

/**
 * For the form of something new, in a dialog that Escape or a press outside closes: what was typed stands in it again the next time, until it
 * is sent or discarded. Passwords are not kept.
 */
export function useTyped<Form extends FormProps>(about: string, form: Form) {
  const { ref } = form
  useEffect(() => opened(about), [about])
  useEffect(() => {
    for (const input of textsOf(ref.current)) input.value = keptEditsOf(about)?.[input.name] ?? input.value
  }, [about, ref])
  return {
    form: {
      ...form,
      onInput: (event: { target: EventTarget }) => {
        form.onInput(event)
        const typed = textsOf(ref.current).filter(input => input.value !== input.defaultValue)
        keepEdits(about, Object.fromEntries(typed.map(input => [input.name, input.value])))
      },
    },
    discard: () => keepEdits(about, {}),
    discardAnd: (then: () => void) => () => {
      keepEdits(about, {})
      then()
    },
  }
}

const textsOf = (form: HTMLFormElement | null): HTMLInputElement[] =>
  [...(form?.elements ?? [])].filter(
    element =>
      element instanceof HTMLInputElement &&
      ['text', 'email'].includes(element.type) &&
      element.name !== 'password',
  ) as HTMLInputElement[]

/** The same for people or other things that are chosen, by their ids. */
export function useKeptChoice<Id extends string>(about: string) {
  const [chosen, setChosen] = useState(
    () => (keptEditsOf(about)?.chosen?.split(' ') ?? []) as readonly string[] as readonly Id[],
  )
  useEffect(() => opened(about), [about])
  const choose = (ids: readonly Id[]) => {
    setChosen(ids)
    keepEdits(about, ids.length === 0 ? {} : { chosen: ids.join(' ') })
  }
  return {
    chosen,
    setChosen: choose,
    discardAnd: (then: () => void) => () => {
      choose([])
      then()
    },
  }
}
