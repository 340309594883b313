import { rightsEnded } from '../sql/endings.ts'
import { noLocks } from '../sql/write.ts'
import type { EventDefinitions } from './definition.ts'

export const memberEvents: EventDefinitions<
  'member.added' | 'member.changed' | 'member.removed' | 'room.added' | 'room.removed'
> = {
  'member.added': {
    params: event => ({ member: event.user, role: event.role }),
    steps: [
      // What was said before one joined is not unread.
      {
        run: `INSERT INTO memberships (room, "user", role, since, read, hidden, own)
          VALUES (@room, @member, @role, #seq, #seq, 0, CASE WHEN @member = @by THEN 1 ELSE 0 END)`,
      },
      { run: 'UPDATE rooms SET members = members + 1 WHERE id = @room' },
    ],
    locks: noLocks,
    redact: 'no text',
  },
  'member.changed': {
    params: event => ({ member: event.user, role: event.role }),
    steps: [
      {
        run: 'UPDATE memberships SET role = @role WHERE room = @room AND "user" = @member',
        found: 'such member',
      },
    ],
    locks: noLocks,
    redact: 'no text',
  },
  'member.removed': {
    params: event => ({ member: event.user }),
    steps: [
      { run: 'DELETE FROM memberships WHERE room = @room AND "user" = @member', found: 'such member' },
      { run: 'UPDATE rooms SET members = members - 1 WHERE id = @room' },
      ...rightsEnded({ who: '@member', room: '@room', seq: '#seq' }),
    ],
    locks: noLocks,
    redact: 'no text',
  },
  // What the user's log says of membership, the room's log has said.
  'room.added': { params: () => ({}), steps: [], locks: noLocks, redact: 'no text' },
  'room.removed': { params: () => ({}), steps: [], locks: noLocks, redact: 'no text' },
}
