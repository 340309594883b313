import type { Database } from 'better-sqlite3'
import type { Event, EventName } from '../../../../contract/events.ts'
import type { RoomId, Seq, Topic, UserId } from '../../../../contract/ids.ts'
import type { Once } from '../../../core/change.ts'
import type { Logs } from '../sqlite/log.ts'
import { foldMembers } from './fold-members.ts'
import { foldMessages } from './fold-messages.ts'
import { foldReads } from './fold-reads.ts'
import { foldRooms } from './fold-rooms.ts'
import { foldUsers } from './fold-users.ts'
import type { Folds, Place } from './place.ts'

/** Folds each appended event into the tables: the only place where what is in a log becomes a row. */
export function foldOf(
  db: Database,
  logs: Logs,
): (topic: Topic, event: Event, seq: Seq, once: Once | undefined) => void {
  const folds: Folds<EventName> = {
    ...foldUsers(db, logs),
    ...foldRooms(db, logs),
    ...foldMembers(db),
    ...foldMessages(db, logs),
    ...foldReads(db),
  }
  return (topic, event, seq, once) => {
    const id = topic.slice(5)
    const place: Place = {
      seq,
      room: (topic.startsWith('room:') ? id : '') as RoomId,
      user: (topic.startsWith('user:') ? id : '') as UserId,
      once,
    }
    // The table pairs each name with the fold of its own event, which the compiler cannot follow through the lookup.
    const fold = folds[event.e] as (event: Event, at: Place) => void
    fold(event, place)
  }
}
