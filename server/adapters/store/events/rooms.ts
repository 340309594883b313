import type { EventOf } from '../../../../contract/events.ts'
import { foldName, slugOf } from '../../../../contract/names.ts'
import { lowerSkeletonOf, skeletonOf } from '../../../text/skeleton.ts'
import { roomFields } from '../sql/columns.ts'
import { rightsEnded } from '../sql/endings.ts'
import { erasedFields, fieldParams, insertFields, missingFields, setFields } from '../sql/fields.ts'
import { selectIdInUse } from '../sql/idempotency.ts'
import { peopleNames, peopleParams } from '../sql/people-params.ts'
import type { Params, WriteStep } from '../sql/write.ts'
import { noLocks } from '../sql/write.ts'
import type { EventDefinitions } from './definition.ts'

const redactListing: WriteStep = { redact: 'SELECT listed_seq FROM rooms WHERE id = @id AND listed_seq > 0' }

const inserted = insertFields(roomFields)
const paramsOfFields = fieldParams(roomFields)

export const roomEvents: EventDefinitions<
  'room.changed' | 'room.listed' | 'room.unlisted' | 'workspace.changed'
> = {
  'room.changed': {
    params: wholeRoom,
    steps: [
      { redact: 'SELECT changed_seq FROM rooms WHERE id = @room' },
      // A direct room that was erased may be made again: nobody can give its id, which is the same for the same people.
      {
        refuseIfIdInUse: `SELECT 1 FROM (${selectIdInUse('@room')}) AS used WHERE #creates = 1 AND @kind <> 'direct'`,
      },
      {
        run: `INSERT INTO rooms (${inserted.columns}, folded, slug, skeleton, lower_skeleton, changed_seq, members, deleted_seq, deleted_at, listed_seq)
          SELECT ${inserted.params}, @folded, @slug, @skeleton, @lowerSkeleton, #seq, 0, 0, 0, 0 WHERE #creates = 1`,
      },
      {
        // Addresses of before hold a public room by the name that it has until now.
        run: `INSERT INTO room_names (name, room)
          SELECT CASE WHEN slug = '' THEN folded ELSE slug END, id FROM rooms
            WHERE id = @room AND kind = 'public' AND name <> @name
          ON CONFLICT (name) DO UPDATE SET room = excluded.room`,
      },
      {
        run: `UPDATE rooms SET ${setFields(roomFields)}, folded = @folded, slug = @slug, changed_seq = #seq,
            skeleton = CASE WHEN name = @name THEN skeleton ELSE @skeleton END,
            lower_skeleton = CASE WHEN name = @name THEN lower_skeleton ELSE @lowerSkeleton END
          WHERE id = @room`,
        found: 'such room',
      },
      {
        run: `INSERT INTO participants (room, "user")
          SELECT @room, id FROM users WHERE #creates = 1 AND id IN (${peopleNames})`,
      },
    ],
    locks: (_, topic) => ({ ids: [topic.slice('room:'.length)] }),
    redact(event) {
      const { id, createdAt, people } = event.room
      const room = {
        ...(id && { id }),
        ...(createdAt !== undefined && { createdAt }),
        ...(people && { people }),
      }
      return { ...event, room, redacted: true }
    },
  },
  'room.listed': {
    params: event => ({ id: event.room.id }),
    steps: [redactListing, { run: 'UPDATE rooms SET listed_seq = #seq WHERE id = @id' }],
    locks: noLocks,
    redact: event => ({ ...event, room: { ...event.room, ...erasedFields(roomFields) }, redacted: true }),
  },
  'room.unlisted': {
    params: event => ({ id: event.room }),
    steps: [
      redactListing,
      { run: 'UPDATE rooms SET listed_seq = 0 WHERE id = @id' },
      ...rightsEnded({ who: "'strangers'", room: '@id', seq: '0' }),
    ],
    locks: noLocks,
    redact: 'no text',
  },
  'workspace.changed': {
    params: event => ({ name: event.workspace.name }),
    steps: [{ run: 'UPDATE workspace SET name = @name' }],
    locks: noLocks,
    redact: { keepsText: 'The name of a workspace is no secret of any person.' },
  },
}

/** What is appended carries the whole room; only a redacted event has less. */
function wholeRoom({ room }: EventOf<'room.changed'>): Params {
  const missing = missingFields(roomFields, room)
  const { name } = room
  if (missing.length > 0 || name === undefined)
    throw new Error(`A room.changed carries the whole room; this one lacks ${missing.join(', ')}.`)
  return {
    ...paramsOfFields(room),
    folded: foldName(name),
    slug: slugOf(name),
    skeleton: skeletonOf(name) || null,
    lowerSkeleton: lowerSkeletonOf(name) || null,
    ...peopleParams(room.people),
  }
}
