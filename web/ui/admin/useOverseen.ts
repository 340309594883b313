import { useEffect, useState } from 'react'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId, UserId } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import type { CallResult, Client } from '../../sync/model.ts'
import { useClient } from '../client.tsx'
import type { FormRefusal } from '../forms/useForm.ts'

const aPage = 50

/** Which messages are looked for; without either, those of all rooms and people. */
export interface OverseenFilter {
  readonly room?: RoomId
  readonly author?: UserId
}

interface Found {
  readonly messages: readonly Message[]
  readonly next: string | null
}

/** Messages across rooms, newest first, a page at a time; `null` until the first has come. `drop` takes a deleted one out. */
export function useOverseen(wanted: OverseenFilter) {
  const client = useClient()
  const [found, setFound] = useState<Found | null>(null)
  const [refusal, setRefusal] = useState<FormRefusal | null>(null)
  const [busy, setBusy] = useState(false)
  const { room, author } = wanted

  async function load(from: Found | null, isWanted: () => boolean) {
    setBusy(true)
    const answer = await pageAfter(client, { room, author }, from?.next ?? undefined, isWanted)
    if (!isWanted()) return
    setBusy(false)
    if (!('ok' in answer)) return setRefusal(answer)
    setRefusal(null)
    setFound({ messages: [...(from?.messages ?? []), ...answer.ok.messages], next: answer.ok.next })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first page is asked for unasked.
  useEffect(() => {
    let current = true
    setFound(null)
    void load(null, () => current)
    return () => {
      current = false
    }
  }, [client, room, author])

  const drop = (id: MessageId) =>
    setFound(found && { ...found, messages: found.messages.filter(message => message.id !== id) })
  return {
    messages: found?.messages ?? null,
    older: found?.next != null,
    busy,
    refusal,
    loadOlder: () => void load(found, () => true),
    drop,
  }
}

/** The next page that holds something: the server looks through a bounded number of messages for each answer. */
async function pageAfter(
  client: Client,
  wanted: { room: RoomId | undefined; author: UserId | undefined },
  before: string | undefined,
  isWanted: () => boolean,
): Promise<CallResult<Output<'messages.oversee'>>> {
  const answer = await client.call('messages.oversee', { ...wanted, before, limit: aPage })
  if (!('ok' in answer) || answer.ok.messages.length > 0 || answer.ok.next === null || !isWanted())
    return answer
  return pageAfter(client, wanted, answer.ok.next, isWanted)
}
