import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { m } from '../../paraglide/messages.js'
import { LanguageSelect } from './LanguageSelect.tsx'
import './DoorCard.css'

/** The page of who is signed out: one card in the middle of it. `mark` is the letter in the square, the workspace's first. */
export function DoorCard({
  mark,
  title,
  says,
  children,
  foot,
}: {
  mark: string
  title: ReactNode
  says?: ReactNode
  children: ReactNode
  foot?: ReactNode
}) {
  const card = useRef<HTMLDivElement>(null)
  // Going from one card to the next moves the focus along; on a phone that would open the keyboard over the card.
  useEffect(() => {
    if (!matchMedia('(pointer: fine)').matches) return
    card.current?.querySelector<HTMLElement>('form .input')?.focus()
  }, [])
  return (
    <div className="door">
      <main className="door-card" ref={card}>
        <header className="door-head">
          <span className="door-mark" aria-hidden="true">
            {mark}
          </span>
          <h1 dir="auto">{title}</h1>
          {says && <p>{says}</p>}
        </header>
        {children}
        {foot && <p className="door-foot">{foot}</p>}
      </main>
      <footer className="door-about">
        <p>{m.account_home_footer()}</p>
        <LanguageSelect bare />
      </footer>
    </div>
  )
}
