import type { WireError } from '../../../contract/frames.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { roomTopic } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Input } from '../../../contract/operations.ts'
import type { CallResult } from '../model.ts'
import type { SyncContext } from '../sync-context.ts'
import { Backoff } from '../transport/backoff.ts'
import type { MessageWindow } from './message-window.ts'
import { foldWindow, windowOf } from './message-window.ts'

/** Which part of a room's history; its newest where nothing is said. */
export type PageQuery = Omit<Input<'messages.list'>, 'room' | 'limit'>

export const offline: WireError = { code: 'unavailable', message: 'The server cannot be reached.' }
/** It is there. */
export const succeeded: CallResult<void> = { ok: undefined }
/** The message that was to be in the middle is not to be seen. */
export const gone: CallResult<void> = { error: { code: 'not_found', field: 'around', message: '' } }

/** Reads a page, and gives it with what was received meanwhile. It is not asked for again when it `isWanted` no more. */
export const readPage = (
  room: RoomId,
  page: PageQuery,
  { replica, call }: SyncContext,
  isWanted: () => boolean,
  use: (messageWindow: MessageWindow) => void,
): Promise<CallResult<void>> =>
  replica.reads.ask(
    async () =>
      isWanted()
        ? call('messages.list', { room, limit: limits.historyMessages, ...page })
        : { unreachable: true },
    ok => [[roomTopic(room), ok.seq]],
    (ok, { later }) => use(later.reduce(foldWindow, windowOf(ok))),
    page.around === undefined ? roomTopic(room) : undefined,
  )

/** The same, for what can wait: where the server says that too much was read, it is asked again some time after the server says. */
export async function readPatiently(...asked: Parameters<typeof readPage>): Promise<CallResult<void>> {
  const [, , context, isWanted] = asked
  const backoff = new Backoff(() => context.ports.random())
  for (;;) {
    const answer = await readPage(...asked)
    if (!('error' in answer) || answer.error.code !== 'rate_limited') return answer
    const ms = backoff.next(answer.error.retryAfter ?? 1)
    await new Promise<void>(resolve => void context.ports.clock.after(ms, resolve))
    if (!isWanted()) return { unreachable: true }
  }
}
