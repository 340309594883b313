import { Search, X } from 'lucide-react'
import type { InputHTMLAttributes, Ref } from 'react'
import { useRef } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { Field } from './Field.tsx'

/** Narrows a list as one types. Escape empties it first, and only then leaves what it stands in. */
export function SearchField({
  label,
  value,
  onSearch,
  inputRef,
  ...input
}: {
  label: string
  value: string
  onSearch: (text: string) => void
  inputRef?: Ref<HTMLInputElement>
} & Omit<InputHTMLAttributes<HTMLInputElement>, 'value'>) {
  const box = useRef<HTMLSpanElement>(null)
  const clear = () => {
    onSearch('')
    box.current?.querySelector('input')?.focus()
  }
  return (
    <Field label={label} bare>
      {control => (
        <span className="input-box" ref={box}>
          <Search className="input-lead" aria-hidden="true" />
          <input
            placeholder={label}
            {...input}
            {...control}
            ref={inputRef}
            className="input"
            type="text"
            inputMode="search"
            enterKeyHint="search"
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            value={value}
            onChange={event => onSearch(event.target.value)}
            onKeyDown={event => {
              input.onKeyDown?.(event)
              if (event.key !== 'Escape' || value === '' || event.nativeEvent.isComposing) return
              event.preventDefault()
              event.stopPropagation()
              clear()
            }}
          />
          {value !== '' && <IconButton label={m.form_search_clear()} icon={<X />} onClick={clear} />}
        </span>
      )}
    </Field>
  )
}
