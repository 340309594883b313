import { Search, X } from 'lucide-react'
import type { InputHTMLAttributes, KeyboardEvent, Ref } from 'react'
import { useRef } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { Field } from './Field.tsx'

interface SearchFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'> {
  label: string
  value: string
  onSearch: (text: string) => void
  inputRef?: Ref<HTMLInputElement>
}

/** Narrows a list as one types. Escape empties it first, and only then leaves what it stands in. */
export function SearchField({ label, value, onSearch, inputRef, onKeyDown, ...input }: SearchFieldProps) {
  const box = useRef<HTMLSpanElement>(null)
  const clear = () => {
    onSearch('')
    box.current?.querySelector('input')?.focus()
  }
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    onKeyDown?.(event)
    if (event.key !== 'Escape' || value === '' || event.nativeEvent.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    clear()
  }
  return (
    <Field label={label} bare>
      {control => (
        <span className="input-box" ref={box}>
          <Search className="input-lead" aria-hidden="true" />
          <input
            {...searching}
            placeholder={label}
            {...input}
            {...control}
            ref={inputRef}
            value={value}
            onChange={event => onSearch(event.target.value)}
            onKeyDown={keys}
          />
          {value !== '' && <IconButton label={m.form_search_clear()} icon={<X />} onClick={clear} />}
        </span>
      )}
    </Field>
  )
}

const searching = {
  className: 'input',
  type: 'text',
  inputMode: 'search',
  enterKeyHint: 'search',
  autoComplete: 'off',
  spellCheck: false,
  dir: 'auto',
} as const satisfies InputHTMLAttributes<HTMLInputElement>
