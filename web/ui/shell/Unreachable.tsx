import { ServerOff } from 'lucide-react'
import { useEffect } from 'react'
import { m } from '../../paraglide/messages.js'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'

/** From one look's end to the next look, in ms. */
const betweenMs = 3_000

/** No server, and nothing kept to show without it. It is looked for again and again, quietly with `look`, and at once when somebody asks, with `come`. */
export function Unreachable({ come, look }: { come: () => void; look: () => Promise<void> }) {
  useEffect(() => {
    let timer = 0
    let isOver = false
    const wait = () => {
      if (!isOver) timer = window.setTimeout(() => void look().then(wait), betweenMs)
    }
    wait()
    return () => {
      isOver = true
      window.clearTimeout(timer)
    }
  }, [look])
  return (
    <main className="alone">
      <EmptyState
        whole
        icon={<ServerOff />}
        title={m.shell_unreachable_title()}
        action={
          <Button look="primary" onClick={come}>
            {m.shell_try_again()}
          </Button>
        }
      >
        {m.shell_unreachable_text()}
      </EmptyState>
    </main>
  )
}
