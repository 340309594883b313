import { skeletonOf } from '../../../text/skeleton.ts'
import { datesSteps } from './schema-dates.ts'
import { participantsStep, setAsideStep } from './schema-direct.ts'
import { apartStep, looksStep } from './schema-looks.ts'
import type { Fill, SchemaStep } from './schema-step.ts'

/**
 * The schema, one step after another; a database remembers how many it has taken. A step that was released is never changed: what is to be
 * different is a new step. Both databases have the same tables, columns and constraints: ids are text, instants Unix ms, flags 0 and 1.
 *
 * `events` lie in the order they were written in, since every write makes some; `messages` in the order they are read in. A `..._seq` column holds where the newest event stands that carries the
 * text of its row: when the text goes, that one body is rewritten (L6). What every message would have to touch is left out where it can be
 * found otherwise: a room's last message is its newest row, or the newest one deleted (`deleted_seq`, `deleted_at`).
 *
 * Messages and events of a room in `erasures` up to its seq `below` are gone for everybody, and deleted bit by bit.
 *
 * `endings` tells nodes that share the database which sessions and tokens ended, whatever ended them: its seqs are dense and in the order of
 * the commits, since each takes the one row of `workspace` that counts them. With a `room` it is
 * the right of `id` to hear or read that room: a user's, who went out of it at `room_seq` of its log, or that of `everybody` or of `strangers`.
 */
export const steps: readonly SchemaStep[] = [
  {
    tables: `
CREATE TABLE workspace (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT NOT NULL,
  name TEXT NOT NULL,
  set_up INTEGER NOT NULL,
  salt TEXT NOT NULL,
  unscrubbed INTEGER NOT NULL
) STRICT;

CREATE TABLE logs (
  id INTEGER PRIMARY KEY,
  topic TEXT NOT NULL UNIQUE,
  start INTEGER NOT NULL,
  head INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  log INTEGER NOT NULL REFERENCES logs (id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (log, seq)
) STRICT;

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  folded TEXT UNIQUE,
  display_name TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  status TEXT NOT NULL,
  avatar TEXT,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  email TEXT NOT NULL,
  profile_seq INTEGER NOT NULL,
  email_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX users_owners ON users (id) WHERE role = 'owner';

CREATE TABLE credentials (
  "user" TEXT PRIMARY KEY REFERENCES users (id),
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  "user" TEXT NOT NULL REFERENCES users (id),
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  confirmed_at INTEGER NOT NULL,
  agent TEXT NOT NULL,
  address TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions ("user");

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  "user" TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  expires INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_user ON tokens ("user");

CREATE TABLE avatars (
  id TEXT PRIMARY KEY,
  "user" TEXT NOT NULL REFERENCES users (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX avatars_user ON avatars ("user");

CREATE TABLE avatar_files (
  avatar TEXT NOT NULL REFERENCES avatars (id) ON DELETE CASCADE,
  side INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (avatar, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX avatar_files_hash ON avatar_files (hash);

CREATE TABLE rooms (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  slug TEXT NOT NULL,
  topic TEXT NOT NULL,
  archived INTEGER NOT NULL,
  everyone INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  members INTEGER NOT NULL,
  deleted_seq INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL,
  changed_seq INTEGER NOT NULL,
  listed_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX rooms_folded ON rooms (folded) WHERE kind = 'public';
CREATE UNIQUE INDEX rooms_slug ON rooms (slug) WHERE kind = 'public' AND slug <> '';

CREATE TABLE memberships (
  room TEXT NOT NULL REFERENCES rooms (id),
  "user" TEXT NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  since INTEGER NOT NULL,
  read INTEGER NOT NULL,
  hidden INTEGER NOT NULL,
  PRIMARY KEY (room, "user")
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_user ON memberships ("user");

CREATE TABLE messages (
  room TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  author TEXT NOT NULL REFERENCES users (id),
  at INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  edited_at INTEGER,
  text_seq INTEGER NOT NULL,
  quote TEXT,
  print TEXT,
  text TEXT NOT NULL,
  PRIMARY KEY (room, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE deleted_messages (
  id TEXT PRIMARY KEY,
  room TEXT NOT NULL,
  seq INTEGER NOT NULL,
  author TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE erasures (
  room TEXT PRIMARY KEY,
  below INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE made (
  what TEXT NOT NULL,
  id TEXT NOT NULL,
  author TEXT NOT NULL,
  print TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (what, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE purges (
  "user" TEXT PRIMARY KEY REFERENCES users (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE imported (
  source TEXT NOT NULL,
  "key" TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (source, "key")
) STRICT, WITHOUT ROWID;

CREATE TABLE counts (
  "key" TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX counts_until ON counts (until);
`,
  },
  {
    tables: `
ALTER TABLE workspace ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;

CREATE TABLE endings (
  seq INTEGER NOT NULL PRIMARY KEY,
  id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
    sqlite: ['sessions', 'tokens'].map(sqliteTrigger).join(''),
    postgres: `
CREATE FUNCTION key_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE workspace SET ended = ended + 1;
  INSERT INTO endings (seq, id) SELECT ended, OLD.id FROM workspace;
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_ended AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION key_ended();
CREATE TRIGGER tokens_ended AFTER DELETE ON tokens FOR EACH ROW EXECUTE FUNCTION key_ended();
`,
  },
  {
    // Who has a name that looks like that of somebody before them keeps it, without a skeleton: only what is new is refused.
    tables: `
ALTER TABLE users ADD COLUMN skeleton TEXT;
ALTER TABLE rooms ADD COLUMN skeleton TEXT;
ALTER TABLE messages ADD COLUMN plain INTEGER NOT NULL DEFAULT 0;
DROP INDEX rooms_slug;
`,
    fill: [
      {
        read: "SELECT id, username AS name FROM users WHERE username <> '' ORDER BY created_at, id",
        into: { table: 'users', columns: ['skeleton'] },
        start: firstOfEach,
      },
      {
        read: "SELECT id, name FROM rooms WHERE name <> '' AND kind = 'public' ORDER BY created_at, id",
        into: { table: 'rooms', columns: ['skeleton'] },
        start: firstOfEach,
      },
      {
        read: "SELECT id, name FROM rooms WHERE name <> '' AND kind <> 'public'",
        into: { table: 'rooms', columns: ['skeleton'] },
        start:
          () =>
          ({ id, name }) => [skeletonOf(name ?? '') || null, id ?? ''],
      },
    ],
    last: `
CREATE UNIQUE INDEX users_skeleton ON users (skeleton);
CREATE UNIQUE INDEX rooms_skeleton ON rooms (skeleton) WHERE kind = 'public';
`,
  },
  // What was counted before stood under the names that people typed.
  {
    tables: `
DELETE FROM counts;
CREATE TABLE devices (
  hash TEXT NOT NULL,
  "user" TEXT NOT NULL REFERENCES users (id),
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (hash, "user")
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_user ON devices ("user");
`,
  },
  { tables: 'ALTER TABLE endings ADD COLUMN room TEXT; ALTER TABLE endings ADD COLUMN room_seq INTEGER;' },
  // An index by time stood here before the first release: see `datesSteps`.
  { tables: '' },
  participantsStep,
  // The names that public rooms had before, in the form of an address.
  {
    tables: `
CREATE TABLE room_names (
  name TEXT PRIMARY KEY,
  room TEXT NOT NULL REFERENCES rooms (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_names_room ON room_names (room);
`,
  },
  looksStep,
  ...datesSteps,
  setAsideStep,
  apartStep,
]

function firstOfEach(): ReturnType<Fill['start']> {
  const seen = new Set<string>()
  return ({ id, name }) => {
    const skeleton = skeletonOf(name ?? '') || null
    if (skeleton === null || seen.has(skeleton)) return null
    seen.add(skeleton)
    return [skeleton, id ?? '']
  }
}

function sqliteTrigger(table: string): string {
  return `
CREATE TRIGGER ${table}_ended AFTER DELETE ON ${table} BEGIN
  UPDATE workspace SET ended = ended + 1;
  INSERT INTO endings (seq, id) SELECT ended, OLD.id FROM workspace;
END;
`
}
