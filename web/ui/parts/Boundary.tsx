import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Component, use, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { CurrentClient } from '../client.tsx'
import { Button } from './Button.tsx'
import { EmptyState } from './EmptyState.tsx'
import { PartMissing, retryParts } from './lazy-part.ts'

interface Props {
  children: ReactNode
  /** What is inside is tried again when this changes, such as the address that it belongs to. */
  at?: string
  /** What is inside is all that the page shows beside the side bar, and the sentence its title. */
  whole?: boolean
  /** Instead of the sentence with its button; `again` draws what is inside once more. */
  instead?: (error: unknown, again: () => void) => ReactNode
}

/** Keeps what throws inside from ending the whole page: it says so, and offers to try again. */
export class Boundary extends Component<Props, { failed: { error: unknown } | null }> {
  override state: { failed: { error: unknown } | null } = { failed: null }

  static getDerivedStateFromError(error: unknown) {
    return { failed: { error } }
  }

  override componentDidUpdate(before: Props) {
    if (before.at !== this.props.at && this.state.failed) this.#again()
  }

  readonly #again = () => this.setState({ failed: null })

  override render() {
    const { failed } = this.state
    if (!failed) return this.props.children
    if (this.props.instead) return this.props.instead(failed.error, this.#again)
    return <Broken whole={this.props.whole ?? false} error={failed.error} again={this.#again} />
  }
}

/** What stands in place of a part that threw or did not come. */
export function Broken({
  error,
  again,
  close,
  whole = false,
}: {
  error: unknown
  again: () => void
  close?: () => void
  whole?: boolean
}) {
  const isMissing = error instanceof PartMissing
  const [isHeld, setHeld] = useState(false)
  return (
    <div className="broken" role="alert">
      <EmptyState
        whole={whole}
        icon={<TriangleAlert />}
        title={isMissing ? m.shell_part_missing_title() : m.shell_broken_title()}
        action={
          <div className="button-row">
            <Again again={again} onHeld={() => setHeld(true)} />
            {(!close || isHeld) && <Button onClick={() => location.reload()}>{m.shell_reload()}</Button>}
            {close && <Button onClick={close}>{m.shell_close()}</Button>}
          </div>
        }
      >
        {isHeld ? m.shell_part_held() : isMissing ? m.shell_part_missing_text() : m.shell_broken_text()}
      </EmptyState>
    </div>
  )
}

/** `onHeld`: only loading the page anew would help, and something would be lost by it. */
function Again({ again, onHeld }: { again: () => void; onHeld: () => void }) {
  const client = use(CurrentClient)
  const [busy, setBusy] = useState(false)
  const retry = async () => {
    setBusy(true)
    // What is written in rooms outlives the page, where the browser stores it.
    const isHeld = await retryParts(client?.snapshot().kept === false)
    setBusy(false)
    if (isHeld) onHeld()
    else again()
  }
  return (
    <Button look="primary" busy={busy} onClick={() => void retry()}>
      {m.shell_try_again()}
    </Button>
  )
}
