import { Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { keepPage } from '../sync/browser.ts'
import type { Client } from '../sync/model.ts'
import type { Entry } from '../sync/start.ts'
import { ClientProvider } from './client.tsx'
import { forgetEdits } from './forms/kept-edits.ts'
import { Boundary } from './parts/Boundary.tsx'
import { fetchParts, lazyPart } from './parts/lazy-part.ts'
import { forget, keep, kept } from './shell/keep.ts'
import { ShellSkeleton } from './shell/ShellSkeleton.tsx'
import { Unreachable } from './shell/Unreachable.tsx'

const loadShell = () => import('./shell/Shell.tsx')
const Shell = lazyPart(async () => (await loadShell()).Shell)
const Floating = lazyPart(async () => (await import('./parts/Floating.tsx')).Floating)
const Welcome = lazyPart(async () => (await import('./account/Welcome.tsx')).Welcome)
const FirstRun = lazyPart(async () => (await import('./account/FirstRun.tsx')).FirstRun)

/** From the first screen to when the parts are fetched that nobody opened yet. */
const partsAfterMs = 5_000

type State = Entry | { is: 'entering' } | { is: 'home'; ended: true }

/** The whole page: finds out who is there, and shows what is theirs. */
export function Root({ enter }: { enter: () => Promise<Entry> }) {
  const [state, setState, come] = useEntry(enter)
  useEffect(() => {
    // Who was signed in last time most likely is: their screens come while the server is asked.
    if (kept('known') === 'yes') void loadShell()
  }, [])
  return (
    <>
      <Boundary whole at={state.is}>
        <Suspense fallback={<ShellSkeleton />}>
          <Scene
            state={state}
            come={come}
            onEnd={ended => setState(ended ? { is: 'home', ended } : { is: 'home' })}
          />
        </Suspense>
      </Boundary>
      <Boundary instead={() => null}>
        <Suspense>
          <Floating />
        </Suspense>
      </Boundary>
    </>
  )
}

/** Who is there, looked for at first and by `come`; and, quietly, again and again where no server was found. */
function useEntry(enter: () => Promise<Entry>) {
  const [state, setState] = useState<State>({ is: 'entering' })
  const isLooking = useRef(false)
  const look = useCallback(() => {
    // Two clients of one page would be one too many.
    if (isLooking.current) return
    isLooking.current = true
    void enter().then(async entry => {
      if (entry.is === 'client') await entry.client.ready
      isLooking.current = false
      setState(entry)
    })
  }, [enter])
  const come = useCallback(() => {
    setState({ is: 'entering' })
    look()
  }, [look])
  useEffect(come, [come])
  useEffect(() => {
    // Each look ends in a state of its own.
    const looking = state.is === 'unreachable' ? setTimeout(look, 3_000) : 0
    return () => clearTimeout(looking)
  }, [state, look])
  return [state, setState, come] as const
}

function Scene({
  state,
  come,
  onEnd,
}: {
  state: State
  come: () => void
  onEnd: (ended: true | undefined) => void
}) {
  switch (state.is) {
    case 'entering':
      return <ShellSkeleton />
    case 'home':
      return <Welcome onSignedIn={come} ended={'ended' in state} />
    case 'setup':
      return <FirstRun imported={state.imported === true} onSignedIn={come} />
    case 'unreachable':
      return <Unreachable come={come} />
    case 'client':
      return <SignedIn client={state.client} onEnd={onEnd} />
  }
}

function SignedIn({ client, onEnd }: { client: Client; onEnd: (ended: true | undefined) => void }) {
  useEffect(() => {
    keep('known', 'yes')
    return () => keep('known', 'no')
  }, [])
  useEffect(fetchPartsLater, [])
  useEffect(
    () =>
      client.onEnd(why => {
        // Whose conversation it was, and what they had typed, is nobody else's business.
        forget('room')
        forgetEdits()
        onEnd(why === 'session_ended' ? true : undefined)
      }),
    [client, onEnd],
  )
  return (
    <ClientProvider client={client}>
      <Shell />
    </ClientProvider>
  )
}

/** After the first screen has had the line to itself; not where data is to be saved. */
function fetchPartsLater(): () => void {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
  const timer = connection?.saveData ? 0 : setTimeout(() => void fetchParts().then(keepPage), partsAfterMs)
  return () => clearTimeout(timer)
}
