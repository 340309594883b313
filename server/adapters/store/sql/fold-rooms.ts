import type { EventOf } from '../../../../contract/events.ts'
import { foldName, slugOf } from '../../../../contract/names.ts'
import { lowerSkeletonOf, skeletonOf } from '../../../text/skeleton.ts'
import { flag } from './columns.ts'
import { rightsEnded } from './endings.ts'
import { selectIdInUse } from './id-in-use.ts'
import { peopleNames, peopleParams } from './people-params.ts'
import type { Folds, Params, WriteStep } from './step.ts'

const redactListing: WriteStep = { redact: 'SELECT listed_seq FROM rooms WHERE id = @id AND listed_seq > 0' }

export const foldRooms: Folds<'room.changed' | 'room.listed' | 'room.unlisted' | 'workspace.changed'> = {
  'room.changed': {
    params: wholeRoom,
    steps: [
      { redact: 'SELECT changed_seq FROM rooms WHERE id = @room' },
      // A direct room that was erased may be made again: nobody can give its id, which is the same for the same people.
      {
        refuseIfIdInUse: `SELECT 1 FROM (${selectIdInUse('@room')}) AS used WHERE #creates = 1 AND @kind <> 'direct'`,
      },
      {
        run: `INSERT INTO rooms (id, kind, name, folded, slug, skeleton, lower_skeleton, topic, archived, everyone, created_at,
            changed_seq, members, deleted_seq, deleted_at, listed_seq)
          SELECT @room, @kind, @name, @folded, @slug, @skeleton, @lowerSkeleton, @topic, #archived, #everyone, #createdAt, #seq, 0, 0, 0, 0
          WHERE #creates = 1`,
      },
      {
        // Addresses of before hold a public room by the name that it has until now.
        run: `INSERT INTO room_names (name, room)
          SELECT CASE WHEN slug = '' THEN folded ELSE slug END, id FROM rooms
            WHERE id = @room AND kind = 'public' AND name <> @name
          ON CONFLICT (name) DO UPDATE SET room = excluded.room`,
      },
      {
        run: `UPDATE rooms SET kind = @kind, folded = @folded, slug = @slug, topic = @topic,
            skeleton = CASE WHEN name = @name THEN skeleton ELSE @skeleton END,
            lower_skeleton = CASE WHEN name = @name THEN lower_skeleton ELSE @lowerSkeleton END,
            name = @name, archived = #archived, everyone = #everyone, changed_seq = #seq WHERE id = @room`,
        found: 'such room',
      },
      {
        run: `INSERT INTO participants (room, "user")
          SELECT @room, id FROM users WHERE #creates = 1 AND id IN (${peopleNames})`,
      },
    ],
  },
  'room.listed': {
    params: event => ({ id: event.room.id }),
    steps: [redactListing, { run: 'UPDATE rooms SET listed_seq = #seq WHERE id = @id' }],
  },
  'room.unlisted': {
    params: event => ({ id: event.room }),
    steps: [
      redactListing,
      { run: 'UPDATE rooms SET listed_seq = 0 WHERE id = @id' },
      ...rightsEnded({ who: "'strangers'", room: '@id', seq: '0' }),
    ],
  },
  'workspace.changed': {
    params: event => ({ name: event.workspace.name }),
    steps: [{ run: 'UPDATE workspace SET name = @name' }],
  },
}

/** What is appended carries the whole room; only a redacted event has less. */
function wholeRoom(event: EventOf<'room.changed'>): Params {
  const { kind, name, topic, archived, everyone, createdAt } = event.room
  if (
    kind === undefined ||
    name === undefined ||
    topic === undefined ||
    archived === undefined ||
    everyone === undefined ||
    createdAt === undefined
  )
    throw new Error('A room.changed carries the whole room.')
  const folded = {
    folded: foldName(name),
    slug: slugOf(name),
    skeleton: skeletonOf(name) || null,
    lowerSkeleton: lowerSkeletonOf(name) || null,
  }
  return {
    kind,
    name,
    ...folded,
    ...peopleParams(event.room.people),
    topic,
    archived: flag(archived),
    everyone: flag(everyone),
    createdAt,
  }
}
