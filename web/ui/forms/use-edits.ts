import { use, useEffect, useState } from 'react'
import { ClientContext } from '../client.tsx'

type Edits = Readonly<Partial<Record<string, string>>>

/** What was typed and neither saved nor discarded, by what it is about: it stands there again when its form is opened again. */
const unsaved = new Map<string, Edits>()

// The page itself does not go without a question while there is any; the browser asks it in its own words.
addEventListener('beforeunload', event => {
  if (unsaved.size > 0) event.preventDefault()
})

/**
 * What was typed over some values, for a form that stays open. `about`: what the form is about, under which its edits outlive it, until they
 * are saved, discarded, or their person signs out. `changed` holds only what differs from what is there now. `accept` takes over what was
 * saved: the answer may be here before its event, and until then it stands in the fields.
 */
export function useEdits<Name extends string>(about: string, current: Readonly<Record<Name, string>>) {
  const [edits, setEdits] = useState<Partial<Record<Name, string>>>(() => {
    // What is kept under a name was put there by a form about the same, which has the same fields.
    return { ...(unsaved.get(about) as Partial<Record<Name, string>> | undefined) }
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
  const client = use(ClientContext)
  const text = JSON.stringify(changed)
  useEffect(() => {
    if (text === '{}') unsaved.delete(about)
    else unsaved.set(about, JSON.parse(text))
  }, [about, text])
  useEffect(() => client?.onEnd(() => unsaved.clear()), [client])
}
