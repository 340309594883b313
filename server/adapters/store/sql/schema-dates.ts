import type { SchemaStep } from './schema-step.ts'
import { misdatedMs } from './times-in-ids.ts'

const dated = 'substr(id, 1, 8) || substr(id, 10, 4)'

/**
 * `misdated`: the time that the id of a message begins with is not that of its writing. Only these need an index by time, to be found
 * where messages of all rooms are looked through. The index is made while nothing is in it; PostgreSQL reads all
 * messages for that, some seconds for millions of them, with the table held. Those that are there are marked in a step of their own, which holds
 * nobody up but who changes one of them.
 */
export const datesSteps: readonly SchemaStep[] = [
  {
    tables: `
DROP INDEX IF EXISTS messages_at;
ALTER TABLE messages ADD COLUMN misdated INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_misdated ON messages (at, id) WHERE misdated = 1;
`,
  },
  {
    tables: '',
    sqlite: `
UPDATE messages SET misdated = 1
  WHERE ${dated} NOT BETWEEN printf('%012x', max(at - ${misdatedMs}, 0)) AND printf('%012x', at + ${misdatedMs});
`,
    postgres: `
UPDATE messages SET misdated = 1
  WHERE ${dated} NOT BETWEEN lpad(to_hex(greatest(at - ${misdatedMs}, 0)), 12, '0') AND lpad(to_hex(at + ${misdatedMs}), 12, '0');
`,
  },
]
