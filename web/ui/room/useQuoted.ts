import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId } from '../../../contract/ids.ts'
import type { OpenRoom } from '../../sync/model.ts'
import { batched } from '../batched-subscribe.ts'

/** A message of the room as it is now: edits and deletion (`null`) are followed. `undefined` while it is looked for, and for no id. */
export function useQuoted(open: OpenRoom, id: MessageId | null): Message | null | undefined {
  const subscribe = useMemo(() => batched(listener => open.subscribe(listener)), [open])
  const quoted = useSyncExternalStore(subscribe, () => (id === null ? undefined : open.known(id)))
  useEffect(() => {
    if (id !== null && quoted === undefined) void open.quoted(id)
  }, [open, id, quoted])
  return quoted
}
