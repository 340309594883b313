import { ServerOff } from 'lucide-react'
import { m } from '../../paraglide/messages.js'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'

/** No server, and nothing kept to show without it. */
export function Unreachable({ come }: { come: () => void }) {
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
