import { useEffect, useState } from 'react'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId } from '../../../contract/ids.ts'
import { useClient } from '../client.tsx'
import type { FormRefusal } from '../forms/useForm.ts'

const aPage = 50

interface History {
  messages: readonly Message[]
  older: boolean
}

/** A room's messages, newest first, a page at a time; `null` until the first has come. `drop` takes a deleted one out. */
export function useHistory(room: RoomId) {
  const client = useClient()
  const [history, setHistory] = useState<History | null>(null)
  const [refusal, setRefusal] = useState<FormRefusal | null>(null)
  const [busy, setBusy] = useState(false)

  const before = history?.messages.at(-1)?.seq
  async function load(isWanted: () => boolean) {
    setBusy(true)
    const answer = await client.call('messages.list', { room, before, limit: aPage })
    if (!isWanted()) return
    setBusy(false)
    if (!('ok' in answer)) return setRefusal(answer)
    setRefusal(null)
    const page = answer.ok.messages.toReversed()
    setHistory({ messages: [...(history?.messages ?? []), ...page], older: answer.ok.before })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first page is asked for unasked.
  useEffect(() => {
    let current = true
    void load(() => current)
    return () => {
      current = false
    }
  }, [client, room])

  const drop = (id: MessageId) =>
    setHistory(history && { ...history, messages: history.messages.filter(message => message.id !== id) })
  return {
    messages: history?.messages ?? null,
    older: history?.older ?? false,
    busy,
    refusal,
    loadOlder: () => void load(() => true),
    drop,
  }
}
