import type { Room } from '../../../../contract/entities.ts'
import { userTopic } from '../../../../contract/ids.ts'
import type { Output } from '../../../../contract/operations.ts'
import { mayErase } from '../../access.ts'
import type { Answer, Refusal } from '../../answer.ts'
import { isRefusal } from '../../answer.ts'
import type { Admitted } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { stampOf } from '../../context.ts'
import type { Append } from '../../log/change.ts'
import type { Step } from '../../log/write.ts'
import { change, fresh, write } from '../../log/write.ts'
import { altered, fieldsOf, unlisted } from './room-events.ts'

type Erase = Admitted<'rooms.remove'>
type Erased = Output<'rooms.remove'>

/**
 * Deletes a room and everything in it. It is archived first, so that nobody is added between reading who is to be told and telling them;
 * after a crash in between it is an archived room, and deleting it again goes on.
 */
export async function eraseRoom(context: OperationContext, call: Erase): Promise<Answer<Erased>> {
  const archived = await archive(context, call)
  return isRefusal(archived) ? archived : erase(context, call)
}

function archive(context: OperationContext, { who, asker, input: { id } }: Erase): Promise<Answer<Erased>> {
  return write(context.writer, async (): Promise<Step<Erased>> => {
    const was = await fieldsFor(context, asker, id)
    if (isRefusal(was)) return { answer: was }
    if (was.archived) return { answer: { ok: {} } }
    const guards = [...mayErase(who.user, id), fresh({ if: 'room unchanged', room: was })]
    const appends = altered(was, { ...was, archived: true }, stampOf(context, who))
    return { change: change({ guards, appends }), done: () => ({ ok: {} }) }
  })
}

function erase(context: OperationContext, { who, asker, input: { id } }: Erase): Promise<Answer<Erased>> {
  return write(context.writer, async (): Promise<Step<Erased>> => {
    const was = await fieldsFor(context, asker, id)
    if (isRefusal(was)) return { answer: was }
    const stamp = stampOf(context, who)
    const { users } = await context.store.memberIds(id)
    const gone = users.map(
      (user): Append => ({ topic: userTopic(user), event: { e: 'room.removed', ...stamp, room: id } }),
    )
    const stillArchived = fresh({ if: 'room unchanged', room: { ...was, archived: true } })
    return {
      change: change({
        guards: [...mayErase(who.user, id), stillArchived],
        appends: [...gone, ...(was.kind === 'public' ? [unlisted(id, stamp)] : [])],
        rows: [{ row: 'room erased', room: id }],
      }),
      done: () => ({ ok: {} }),
    }
  })
}

async function fieldsFor(
  context: OperationContext,
  asker: Erase['asker'],
  id: Room['id'],
): Promise<Omit<Room, 'last' | 'people'> | Refusal> {
  const found = await context.access.room(asker, id)
  if (isRefusal(found)) return found
  const { people: _, ...fields } = fieldsOf(found.room)
  return fields
}
