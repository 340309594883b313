import { CloudOff, RotateCw, TriangleAlert } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { m } from '../../paraglide/messages.js'
import type { ConnectionStatus } from '../../sync/model.ts'
import { useClient, useSelect } from '../client.tsx'
import { Button } from '../parts/Button.tsx'

/** A connection that comes back within this time is not worth a word, in ms. */
const quietMs = 2_500

/** Says in words when the page is cut off from the server, and what that means. A short cut passes in silence. */
export function ConnectionBanner() {
  const connection = useSelect(snapshot => snapshot.connection)
  const unsent = useSelect(snapshot => snapshot.waiting)
  const kept = useSelect(snapshot => snapshot.kept)
  const client = useClient()
  const cut = connection.is === 'offline' || connection.is === 'connecting'
  const isDeviceOnline = useDeviceOnline()
  const late = useLate(cut) || (cut && !isDeviceOnline)
  if (connection.is === 'outdated' || connection.is === 'refused') return <Fault connection={connection} />
  if (!cut || !late) return kept ? null : <NothingKept />
  return (
    <div className="connection" role="status">
      <CloudOff />
      <span>
        {isDeviceOnline
          ? connection.is === 'offline'
            ? m.shell_cut_server()
            : m.shell_cut_reconnecting()
          : m.shell_cut_device()}{' '}
        {unsent === 0 ? m.shell_offline_text() : m.shell_offline_unsent({ count: unsent })}
        {connection.is === 'offline' && connection.retryAt !== null && <Countdown to={connection.retryAt} />}
      </span>
      <Button
        look="quiet"
        size="small"
        busy={connection.is === 'connecting'}
        icon={<RotateCw />}
        onClick={() => client.reconnect()}
      >
        {m.shell_connect_now()}
      </Button>
    </div>
  )
}

/** Storage is blocked, or was taken away: said until it is put away, once a page. */
function NothingKept() {
  const [seen, setSeen] = useState(false)
  if (seen) return null
  return (
    <div className="connection" role="status">
      <TriangleAlert />
      <span>{m.shell_nothing_kept()}</span>
      <Button look="quiet" size="small" onClick={() => setSeen(true)}>
        {m.shell_close()}
      </Button>
    </div>
  )
}

function Fault({ connection }: { connection: Extract<ConnectionStatus, { is: 'outdated' | 'refused' }> }) {
  return (
    <div className="connection" data-fault="" role="alert">
      <TriangleAlert />
      <span>
        {connection.is === 'outdated' ? m.shell_outdated() : m.shell_refused({ reason: connection.reason })}
      </span>
      <Button look="quiet" size="small" onClick={() => location.reload()}>
        {m.shell_reload()}
      </Button>
    </div>
  )
}

/** Ticks by itself, and not aloud: every second of it would be read out. */
function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.ceil((to - now) / 1_000)
  return seconds > 1 ? <span aria-hidden="true"> {m.shell_next_try({ seconds })}</span> : null
}

/** What the browser says of its network: `false` is sure, `true` is not. */
const useDeviceOnline = (): boolean => useSyncExternalStore(onNetwork, () => navigator.onLine)

function onNetwork(change: () => void): () => void {
  addEventListener('online', change)
  addEventListener('offline', change)
  return () => {
    removeEventListener('online', change)
    removeEventListener('offline', change)
  }
}

/** Whether something has been so for a while. */
function useLate(now: boolean): boolean {
  const [late, setLate] = useState(false)
  if (!now && late) setLate(false)
  useEffect(() => {
    if (!now) return
    const timer = setTimeout(() => setLate(true), quietMs)
    return () => clearTimeout(timer)
  }, [now])
  return now && late
}
