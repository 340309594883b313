import type { Event, EventName } from '../../../../contract/events.ts'
import type { Topic } from '../../../../contract/ids.ts'
import type { IdempotencyKey } from '../../../core/log/change.ts'
import { flag } from '../sql/fields.ts'
import type { Params, WriteLocks } from '../sql/write.ts'
import type { EventDefinition, EventDefinitions, Redact } from './definition.ts'
import { markerEvents } from './markers.ts'
import { memberEvents } from './members.ts'
import { messageEvents } from './messages.ts'
import { roomEvents } from './rooms.ts'
import { userEvents } from './users.ts'

/** The only place where what is in a log becomes a row. */
export const definitions: EventDefinitions<EventName> = {
  ...userEvents,
  ...roomEvents,
  ...memberEvents,
  ...messageEvents,
  ...markerEvents,
}

/** The table pairs each name with the definition of its own event, which the compiler cannot follow through the lookup. */
const definitionOf = (event: Event) => definitions[event.e] as unknown as EventDefinition<EventName>

/** What stands beside the event in its change: the id that the change makes, the event's place in it, and whether it makes its room. */
interface Beside {
  readonly idempotencyKey: IdempotencyKey | undefined
  readonly n: number
  readonly creates: boolean
}

/** What the steps of an event are given, but for its seq, which the database knows. */
export function eventParams(topic: Topic, event: Event, { idempotencyKey, n, creates }: Beside): Params {
  const isMade =
    idempotencyKey?.of === 'message' && event.e === 'message.posted' && event.id === idempotencyKey.id
  const id = topic.slice(5)
  return {
    at: event.at,
    by: event.by,
    room: topic.startsWith('room:') ? id : '',
    user: topic.startsWith('user:') ? id : '',
    fingerprint: isMade ? idempotencyKey.fingerprint : null,
    // What stands before it in its change might have taken the id since.
    lookedUp: flag(isMade && n === 0),
    creates: flag(creates),
    ...definitionOf(event).params(event),
  }
}

/** What appending the event locks, beside the log that it is appended to. */
export const eventLocks = (topic: Topic, event: Event): WriteLocks => definitionOf(event).locks(event, topic)

/** The event without what people wrote in it (see `Redact`). */
export function redact(event: Event, all: boolean): Event {
  const redaction: unknown = definitionOf(event).redact
  return typeof redaction === 'function' ? (redaction as Redact<Event>)(event, all) : event
}

/** The same over its encoding, which is the contract's: the writer loads no schemas, so it is said again here. */
export const redactBody = (body: string, all: boolean): string =>
  JSON.stringify(redact(JSON.parse(body) as Event, all))
