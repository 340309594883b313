import type { ReactNode } from 'react'
import { createContext, use, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import type { Client, ConversationSnapshot, OpenRoom, Snapshot } from '../sync/model.ts'
import { batched } from './batched-subscribe.ts'

/** The client, where somebody is signed in; `useClient` for what stands under the shell. */
export const CurrentClient = createContext<Client | null>(null)

export function ClientProvider({ client, children }: { client: Client; children: ReactNode }) {
  return <CurrentClient value={client}>{children}</CurrentClient>
}

/** The client of who is signed in. Everything under the shell has one. */
export function useClient(): Client {
  const client = use(CurrentClient)
  if (!client) throw new Error('useClient is called outside of ClientProvider')
  return client
}

/** What the signed-in person sees; the component renders anew when it changed. */
export function useSnapshot(): Snapshot {
  const client = useClient()
  const subscribe = useMemo(() => batched(listener => client.subscribe(listener)), [client])
  return useSyncExternalStore(subscribe, () => client.snapshot())
}

/** One part of the snapshot: the component renders anew only when that part is another one. */
export function useSelect<T>(select: (snapshot: Snapshot) => T): T {
  const client = useClient()
  const subscribe = useMemo(() => batched(listener => client.subscribe(listener)), [client])
  return useSyncExternalStore(subscribe, () => select(client.snapshot()))
}

/** Opens a room for as long as the component stands; `null` in the first render, before it is open. */
export function useOpenRoom(room: RoomId, at?: MessageId): OpenRoom | null {
  const client = useClient()
  const [open, setOpen] = useState<OpenRoom | null>(null)
  // A permalink decides where the room opens; going to another message of a room that stands open is `jumpTo`.
  const [first] = useState(at)
  // Before the browser paints: a room that is in memory stands there at once, without a flicker.
  useLayoutEffect(() => {
    const opened = client.open(room, first)
    setOpen(opened)
    return () => opened[Symbol.dispose]()
  }, [client, room, first])
  return open
}

/** The conversation of an open room as it is now. */
export function useConversation(open: OpenRoom): ConversationSnapshot {
  const subscribe = useMemo(() => batched(listener => open.subscribe(listener)), [open])
  return useSyncExternalStore(subscribe, () => open.snapshot())
}
