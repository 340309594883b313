import type { Event, EventName } from '../../../../contract/events.ts'
import type { Topic } from '../../../../contract/ids.ts'
import type { Once } from '../../../core/change.ts'
import { flag } from './columns.ts'
import { foldMembers } from './fold-members.ts'
import { foldMessages } from './fold-messages.ts'
import { foldReads } from './fold-reads.ts'
import { foldRooms } from './fold-rooms.ts'
import { foldUsers } from './fold-users.ts'
import type { Folds, Params, WriteDefinition } from './step.ts'

/** The only place where what is in a log becomes a row. */
export const folds: Folds<EventName> = {
  ...foldUsers,
  ...foldRooms,
  ...foldMembers,
  ...foldMessages,
  ...foldReads,
}

/** What stands beside the event in its change: the id that the change makes, the event's place in it, and whether it makes its room. */
interface Beside {
  readonly once: Once | undefined
  readonly n: number
  readonly creates: boolean
}

/** What the fold of an event is given, but for its seq, which the database knows. */
export function foldParams(topic: Topic, event: Event, { once, n, creates }: Beside): Params {
  const isMade = once?.of === 'message' && event.e === 'message.posted' && event.id === once.id
  const id = topic.slice(5)
  // The table pairs each name with the fold of its own event, which the compiler cannot follow through the lookup.
  const { params } = folds[event.e] as WriteDefinition<Event>
  return {
    at: event.at,
    by: event.by,
    room: topic.startsWith('room:') ? id : '',
    user: topic.startsWith('user:') ? id : '',
    print: isMade ? once.print : null,
    // What stands before it in its change might have taken the id since.
    lookedUp: flag(isMade && n === 0),
    creates: flag(creates),
    ...params(event),
  }
}
