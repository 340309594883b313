import { HashIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { ListSkeleton } from '../room/ListSkeleton.tsx'
import { roomIdIn } from './address.ts'
import { CreateNamed } from './CreateNamed.tsx'

/** An address that names no room that one sees: it leads to the room that had the name before, else offers to create one of that name. */
export function NoRoom({ named }: { named: string }) {
  const isId = roomIdIn(named) !== null
  const isSought = useFormerRoom(isId ? null : named)
  if (isSought) return <ListSkeleton />
  const browse = (
    <Link href="/browse" className="button" data-look="plain">
      {m.shell_browse()}
    </Link>
  )
  return (
    <EmptyState
      whole
      icon={<HashIcon />}
      title={m.shell_no_room_title()}
      action={
        isId ? (
          browse
        ) : (
          <div className="button-row">
            <CreateNamed name={named} />
            {browse}
          </div>
        )
      }
    >
      {m.shell_no_room_text()}
    </EmptyState>
  )
}

/** Goes to the room that had this name, and answers whether it is not known yet: without a server it is asked again when that is back. */
function useFormerRoom(name: string | null): boolean {
  const client = useClient()
  const [, navigate] = useLocation()
  const isOnline = useSelect(snapshot => snapshot.connection.is === 'online')
  const [answered, setAnswered] = useState(false)
  useEffect(() => {
    if (name === null) return
    let isLeft = false
    void client.call('rooms.named', { name }).then(answer => {
      if (isLeft) return
      if ('ok' in answer) navigate(`/rooms/${answer.ok.id}`, { replace: true })
      else if ('error' in answer || isOnline) setAnswered(true)
    })
    return () => {
      isLeft = true
    }
  }, [client, name, navigate, isOnline])
  return name !== null && !answered
}
