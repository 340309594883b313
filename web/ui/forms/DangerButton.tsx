import type { ButtonProps } from '../parts/Button.tsx'
import { Button } from '../parts/Button.tsx'
import './DangerButton.css'

/** Leads to something that destroys, which is confirmed first: less loud than the button that does it. */
export function DangerButton(props: Omit<ButtonProps, 'look' | 'className'>) {
  return <Button {...props} className="button-danger" />
}
