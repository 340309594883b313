import { roomLock } from '../sql/write.ts'
import type { EventDefinitions } from './definition.ts'

/** Markers stand in memberships, which belong to the room's log. */
export const markerEvents: EventDefinitions<'read.moved' | 'room.hidden'> = {
  'read.moved': {
    params: event => ({ where: event.room, to: event.seq }),
    steps: [
      {
        run: 'UPDATE memberships SET read = #to WHERE room = @where AND "user" = @user',
        found: 'such member',
      },
    ],
    locks: roomLock,
    redact: 'no text',
  },
  'room.hidden': {
    params: event => ({ where: event.room, to: event.seq }),
    steps: [
      {
        run: 'UPDATE memberships SET hidden = #to WHERE room = @where AND "user" = @user',
        found: 'such member',
      },
    ],
    locks: roomLock,
    redact: 'no text',
  },
}
