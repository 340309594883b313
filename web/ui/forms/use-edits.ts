import { useState } from 'react'

/**
 * What was typed over some values, for a form that stays open. `changed` holds only what differs from what is there now. `accept` takes
 * over what was saved: the answer may be here before its event, and until then it stands in the fields.
 */
export function useEdits<Name extends string>(current: Readonly<Record<Name, string>>) {
  const [edits, setEdits] = useState<Partial<Record<Name, string>>>({})
  const [saved, setSaved] = useState(false)
  const names = Object.keys(current) as Name[]
  const changed: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const edit = edits[name]
    if (edit !== undefined && edit !== current[name]) changed[name] = edit
  }
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
