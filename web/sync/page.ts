import type { RoomId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Input } from '../../contract/operations.ts'
import type { Around } from './around.ts'
import type { Answer } from './model.ts'
import type { Run } from './run.ts'
import { foldRun, runOf } from './run.ts'

/** Which part of a room's history; its newest where nothing is said. */
export type Page = Omit<Input<'messages.list'>, 'room' | 'limit'>

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
