import { useEffect, useState } from 'react'
import type { Edits } from './kept-edits.ts'
import { keepEdits, keptEditsOf, opened } from './kept-edits.ts'

/**
 * What was typed over some values, for a form that stays open. `about`: what the form is about, under which its edits outlive it, until they
 * are saved, discarded, or their person signs out. `changed` holds only what differs from what is there now. `accept` takes over what was
 * saved: the answer may be here before its event, and until then it stands in the fields.
 */
export function useEdits<Name extends string>(about: string, current: Readonly<Record<Name, string>>) {
  const [edits, setEdits] = useState<Partial<Record<Name, string>>>(() => {
    // What is kept under a name was put there by a form about the same, which has the same fields.
    return { ...(keptEditsOf(about) as Partial<Record<Name, string>> | undefined) }
  })
  const [saved, setSaved] = useState(false)
  const names = Object.keys(current) as Name[]
  const changed: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const edit = edits[name]
    if (edit !== undefined && edit !== current[name]) changed[name] = edit
  }
  useKept(about, changed)
  return {
    changed,
    /** For the field of that name. */
    edited: (name: Name) => ({
      value: edits[name] ?? current[name],
      onChange: (event: { target: HTMLInputElement }) => {
        setEdits({ ...edits, [name]: event.target.value })
        setSaved(false)
      },
    }),
    accept: (values: Readonly<Record<Name, string>>) => {
      setEdits(values)
      setSaved(true)
    },
    /** For the form's foot. */
    foot: { dirty: Object.keys(changed).length > 0, saved, onDiscard: () => setEdits({}) },
  }
}

function useKept(about: string, changed: Edits): void {
  const text = JSON.stringify(changed)
  useEffect(() => keepEdits(about, JSON.parse(text)), [about, text])
  useEffect(() => opened(about), [about])
}
