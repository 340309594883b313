import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { m } from '../../paraglide/messages.js'
import { LanguageSelect } from './LanguageSelect.tsx'
import './AuthCard.css'

/** The page of who is signed out: one card in the middle of it. `monogram` is the letter in the square, the workspace's first. */
export function AuthCard({
  monogram,
  title,
  says,
  children,
  foot,
}: {
  monogram: string
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
    <div className="auth">
      <main className="auth-card" ref={card}>
        <header className="auth-head">
          <span className="auth-monogram" aria-hidden="true">
            {monogram}
          </span>
          <h1 dir="auto">{title}</h1>
          {says && <p>{says}</p>}
        </header>
        {children}
        {foot && <p className="auth-foot">{foot}</p>}
      </main>
      <footer className="auth-about">
        <p>{m.account_home_footer()}</p>
        <LanguageSelect bare />
      </footer>
    </div>
  )
}
