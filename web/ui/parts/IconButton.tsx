import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { useTabStop } from './tab-stops.ts'
import './IconButton.css'

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  /** What it does: its name, and what hovering shows. */
  label: string
  icon: ReactNode
  /** Keys that do the same, shown with the label: "Ctrl+K". */
  keys?: string
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({ label, icon, keys, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...useTabStop()}
      aria-label={label}
      data-tip={keys ? `${label}  ${keys}` : label}
      {...rest}
      className={`icon-button ${rest.className ?? ''}`}
    >
      {icon}
    </button>
  )
}
