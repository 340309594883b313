import type { WireError } from '../../contract/frames.ts'
import type { RoomId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Input } from '../../contract/operations.ts'
import type { Around } from './around.ts'
import { Backoff } from './backoff.ts'
import type { Answer } from './model.ts'
import type { Run } from './run.ts'
import { foldRun, runOf } from './run.ts'

/** Which part of a room's history; its newest where nothing is said. */
export type Page = Omit<Input<'messages.list'>, 'room' | 'limit'>

export const offline: WireError = { code: 'unavailable', message: 'The server cannot be reached.' }
/** It is there. */
export const done: Answer<void> = { ok: undefined }
/** The message that was to be in the middle is not to be seen. */
export const gone: Answer<void> = { error: { code: 'not_found', field: 'around', message: '' } }

/** Reads a page, and gives it with what was heard meanwhile. It is not asked for again when it `isWanted` no more. */
export const readPage = (
  room: RoomId,
  page: Page,
  { reads, call }: Around,
  isWanted: () => boolean,
  use: (run: Run) => void,
): Promise<Answer<void>> =>
  reads.ask(
    async () =>
      isWanted()
        ? call('messages.list', { room, limit: limits.historyMessages, ...page })
        : { unreachable: true },
    ok => [[roomTopic(room), ok.seq]],
    (ok, { later }) => use(later.reduce((run, heard) => foldRun(run, room, heard), runOf(ok))),
    page.around === undefined ? roomTopic(room) : undefined,
  )

/** The same, for what can wait: where the server says that too much was read, it is asked again some time after the server says. */
export async function readPatiently(...asked: Parameters<typeof readPage>): Promise<Answer<void>> {
  const [, , around, isWanted] = asked
  const backoff = new Backoff(() => around.random())
  for (;;) {
    const answer = await readPage(...asked)
    if (!('error' in answer) || answer.error.code !== 'rate_limited') return answer
    const ms = backoff.next(answer.error.retryAfter ?? 1)
    await new Promise<void>(resolve => void around.after(ms, resolve))
    if (!isWanted()) return { unreachable: true }
  }
}
