import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { m } from '../../paraglide/messages.js'
import { callHttp } from '../../sync/transport/http-client.ts'
import { Notice } from '../forms/Notice.tsx'
import { Button } from '../parts/Button.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { AuthCard } from './AuthCard.tsx'
import { monogramOf } from './monogram.ts'
import { SignIn } from './SignIn.tsx'
import { SignUp } from './SignUp.tsx'

export interface WelcomeProps {
  /** A session was opened: the page may start a client. The address is as it was asked for, so that who signs in lands there. */
  onSignedIn: () => void
  /** The session ended without this person's doing, and they are told. */
  ended?: boolean
}

const subscribeToHash = (listener: () => void) => {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

/**
 * What the signed-out see: the workspace's name, signing in, signing up. Which of them is kept in the address's fragment, so that its
 * path stays what was asked for.
 */
export function Welcome({ onSignedIn, ended = false }: WelcomeProps) {
  const { workspace, ask } = useWorkspaceName()
  const at = useSyncExternalStore(subscribeToHash, () => location.hash)
  const enter = () => {
    history.replaceState(history.state, '', location.pathname + location.search)
    onSignedIn()
  }
  if (workspace === 'unreachable') {
    return (
      <AuthCard monogram="C" title="Confab">
        <div className="auth-choices">
          <Notice look="danger" announce>
            {m.form_error_unreachable()}
          </Notice>
          <Button look="primary" size="large" wide onClick={ask}>
            {m.form_retry()}
          </Button>
        </div>
      </AuthCard>
    )
  }
  if (workspace !== null && at === '#sign-in')
    return <SignIn key={at} workspace={workspace} onSignedIn={enter} />
  if (workspace !== null && at === '#sign-up')
    return <SignUp key={at} workspace={workspace} onSignedIn={enter} />
  return <Home workspace={workspace} ended={ended} />
}

function Home({ workspace, ended }: { workspace: string | null; ended: boolean }) {
  return (
    <AuthCard
      monogram={monogramOf(workspace ?? '')}
      title={workspace ?? <Skeleton width={0.6} height={24} />}
      says={m.account_home_says()}
    >
      <nav className="auth-choices">
        {ended && <Notice look="info">{m.account_home_session_ended()}</Notice>}
        <a className="button" data-look="primary" data-size="large" data-wide="" href="#sign-in">
          {m.account_sign_in()}
        </a>
        <a className="button" data-look="plain" data-size="large" data-wide="" href="#sign-up">
          {m.account_sign_up()}
        </a>
      </nav>
    </AuthCard>
  )
}

/** The workspace's name once it is known, and how to ask again where the server was not reached. */
function useWorkspaceName() {
  const [workspace, setWorkspace] = useState<string | null>(null)
  const [unreachable, setUnreachable] = useState(false)
  const ask = useCallback(() => {
    setUnreachable(false)
    void callHttp('workspace.get', {}).then(answer => {
      if ('ok' in answer) setWorkspace(answer.ok.name)
      else setUnreachable(true)
    })
  }, [])
  useEffect(ask, [ask])
  return { workspace: unreachable ? ('unreachable' as const) : workspace, ask }
}
