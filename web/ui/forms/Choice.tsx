import type { ReactNode } from 'react'
import { useId } from 'react'
import './Choice.css'

export interface ChoiceProps<Value extends string> {
  label: string
  name: string
  value: Value
  onChoose: (value: Value) => void
  choices: readonly { value: Value; label: string; says?: string; icon?: ReactNode }[]
  /** Beside each other, where there is room. */
  row?: boolean
  /** The label is for screen readers only, where the surroundings say it. */
  bare?: boolean
}

/** One of a few, each with a sentence on what it means. */
export function Choice<Value extends string>({
  label,
  name,
  value,
  onChoose,
  choices,
  row,
  bare,
}: ChoiceProps<Value>) {
  const id = useId()
  return (
    <fieldset className="choice" data-row={row ? '' : undefined}>
      <legend className={bare ? 'unseen' : 'field-label'}>{label}</legend>
      {choices.map(choice => (
        <label key={choice.value} className="choice-card">
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChoose(choice.value)}
            aria-labelledby={`${id}-${choice.value}`}
            aria-describedby={choice.says ? `${id}-${choice.value}-says` : undefined}
          />
          {choice.icon}
          <span className="choice-words">
            <span id={`${id}-${choice.value}`} className="choice-label">
              {choice.label}
            </span>
            {choice.says && (
              <span id={`${id}-${choice.value}-says`} className="choice-says">
                {choice.says}
              </span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
