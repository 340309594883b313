import type { Event } from '../../../../contract/events.ts'

/**
 * The event without what people wrote in it. It keeps its seq, and a fold that meets it and then the event that took its text ends as
 * before. `all`: what it says of other messages goes too, since the message is gone and not merely changed.
 */
export function redact(event: Event, all: boolean): Event {
  switch (event.e) {
    case 'message.posted': {
      const { quote, ...rest } = event
      return { ...rest, ...(quote && !all && { quote }), text: '', redacted: true }
    }
    case 'message.edited':
      return { ...event, text: '', redacted: true }
    case 'user.added':
    case 'user.changed': {
      const names = { username: '', displayName: '', firstName: '', lastName: '', status: '', avatar: null }
      return { ...event, user: { ...event.user, ...names }, redacted: true }
    }
    case 'room.changed': {
      const { id, createdAt, people } = event.room
      return {
        ...event,
        room: { ...(id && { id }), ...(createdAt !== undefined && { createdAt }), ...(people && { people }) },
        redacted: true,
      }
    }
    case 'room.listed':
      return { ...event, room: { ...event.room, name: '', topic: '' }, redacted: true }
    case 'me.changed':
      return { ...event, email: '', redacted: true }
    default:
      return event
  }
}

/** The same over its encoding, which is the contract's: the writer loads no schemas, so it is said again here. */
export const redactBody = (body: string, all: boolean): string =>
  JSON.stringify(redact(JSON.parse(body) as Event, all))
