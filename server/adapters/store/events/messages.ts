import { flag } from '../sql/fields.ts'
import { selectIdInUse } from '../sql/idempotency.ts'
import { isMisdated } from '../sql/times-in-ids.ts'
import { noLocks } from '../sql/write.ts'
import type { EventDefinitions } from './definition.ts'

export const messageEvents: EventDefinitions<'message.posted' | 'message.edited' | 'message.deleted'> = {
  'message.posted': {
    params: ({ id, at, text, quote = null, plain = false }) => ({
      ...{ id, text, quote },
      plain: flag(plain),
      misdated: flag(isMisdated(id, at)),
    }),
    steps: [
      { refuseIfIdInUse: selectIdInUse('@id'), unlessLookedUp: true },
      {
        run: `INSERT INTO messages (room, seq, id, author, at, rev, text_seq, quote, print, plain, misdated, text)
          SELECT id, #seq, @id, @by, #at, 0, #seq, @quote, @fingerprint, #plain, #misdated, @text FROM rooms WHERE id = @room`,
        found: 'such room',
      },
      // Posting moves one's own marker, and makes the room one's own; an import's author may be in no room.
      {
        run: 'UPDATE memberships SET read = #seq, own = 1 WHERE room = @room AND "user" = @by AND read < #seq',
      },
    ],
    locks: ({ id }) => ({ messages: [id] }),
    redact({ quote, ...event }, all) {
      return { ...event, ...(quote && !all && { quote }), text: '', redacted: true }
    },
  },
  'message.edited': {
    params: ({ id, text, rev }) => ({ id, text, rev }),
    steps: [
      { redact: 'SELECT text_seq FROM messages WHERE id = @id' },
      {
        run: 'UPDATE messages SET text = @text, plain = 0, rev = #rev, edited_at = #at, text_seq = #seq WHERE id = @id',
        found: 'such message',
      },
    ],
    locks: noLocks,
    redact: event => ({ ...event, text: '', redacted: true }),
  },
  'message.deleted': {
    params: ({ id }) => ({ id }),
    steps: [
      {
        redact: 'SELECT seq FROM messages WHERE id = @id UNION SELECT text_seq FROM messages WHERE id = @id',
        all: true,
      },
      {
        run: `INSERT INTO deleted_messages (id, room, seq, author)
          SELECT id, room, seq, author FROM messages WHERE id = @id`,
        found: 'such message',
      },
      {
        run: `UPDATE rooms SET deleted_seq = gone.seq, deleted_at = gone.at FROM messages AS gone
          WHERE gone.id = @id AND rooms.id = @room AND rooms.deleted_seq < gone.seq`,
      },
      { run: 'DELETE FROM messages WHERE id = @id' },
    ],
    locks: noLocks,
    redact: 'no text',
  },
}
