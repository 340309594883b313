import type { ReactNode } from 'react'
import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { useTabStop } from '../parts/tab-stops.ts'

/** What is hidden until it is pressed. It takes its room already, so that nothing moves then. */
export function Spoiler({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false)
  const stop = useTabStop()
  if (shown)
    return (
      // The focus stays where the button was.
      <span ref={focusOnce} className="spoiler" data-shown="" tabIndex={-1}>
        {children}
      </span>
    )
  return (
    <button
      type="button"
      {...stop}
      className="spoiler"
      aria-label={m.chat_spoiler()}
      onClick={() => setShown(true)}
    >
      <span inert aria-hidden="true">
        {children}
      </span>
    </button>
  )
}

const focusOnce = (element: HTMLElement | null): void => element?.focus()
