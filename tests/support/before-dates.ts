import { steps } from '../../server/adapters/store/sql/schema.ts'
import { datesSteps } from '../../server/adapters/store/sql/schema-dates.ts'
import type { SchemaStep } from '../../server/adapters/store/sql/schema-step.ts'

/** The schema as it was before it was known which messages have an id that tells another time, with the index by time that it once had. */
export const beforeDates: readonly SchemaStep[] = [
  ...steps.slice(0, steps.indexOf(datesSteps[0] as SchemaStep)),
].map(step => (step.tables === '' ? { tables: 'CREATE INDEX messages_at ON messages (at, id);' } : step))

/** 2026-11-28T12:00Z, as the ids of then begin. */
const at = 1_795_867_200_000
const hex = (time: number) => time.toString(16).padStart(12, '0')
const idAt = (time: number, n: number) =>
  `${hex(time).slice(0, 8)}-${hex(time).slice(8)}-7000-8000-${String(n).padStart(12, '0')}`

const message = (id: string, n: number, time = at) =>
  `INSERT INTO messages (room, seq, id, author, at, rev, text_seq, text) VALUES ('r1', ${n}, '${id}', 'u1', ${time}, 0, ${n}, '');`

/** Messages of then: dated, a minute off, more than a minute off, begun with zeros, in 1970, and imported from 1970 as of today. */
export const messagesOfThen = [
  `INSERT INTO users (id, username, folded, display_name, first_name, last_name, status, role, state, created_at, email, profile_seq, email_seq)
   VALUES ('u1', 'ann', 'ann', '', '', '', '', 'member', 'active', 1, '', 0, 0);`,
  message(idAt(at, 1), 1),
  message(idAt(at - 60_000, 2), 2),
  message(idAt(at + 60_001, 3), 3),
  message(idAt(0, 4), 4),
  message(idAt(5_000, 5), 5, 4_000),
  message(idAt(at, 6), 6, 4_000),
].join('\n')

export const misdated = 'SELECT seq FROM messages WHERE misdated = 1 ORDER BY seq'
export const misdatedThen = [3, 4, 6]
