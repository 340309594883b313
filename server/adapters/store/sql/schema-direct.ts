/**
 * A direct room's people are who it is of for ever; its members are those of them who have it. Before, they were one, and whoever was
 * opened a room with had it though nothing was said: those who still wait for a first word wait without it. `own`: whether somebody made,
 * joined, opened or wrote in a room, and was not only put there by others.
 */
export const participantsStep = {
  tables: `
CREATE TABLE participants (
  room TEXT NOT NULL REFERENCES rooms (id),
  "user" TEXT NOT NULL REFERENCES users (id),
  PRIMARY KEY (room, "user")
) STRICT, WITHOUT ROWID;
INSERT INTO participants (room, "user")
  SELECT room, "user" FROM memberships JOIN rooms ON rooms.id = room WHERE kind = 'direct';

ALTER TABLE memberships ADD COLUMN own INTEGER NOT NULL DEFAULT 1;
DELETE FROM memberships WHERE hidden > 0 AND EXISTS (
  SELECT 1 FROM rooms WHERE rooms.id = memberships.room AND kind = 'direct' AND deleted_seq = 0
) AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.room = memberships.room);
UPDATE rooms SET members = (SELECT count(*) FROM memberships WHERE memberships.room = rooms.id) WHERE kind = 'direct';
`,
} as const

/**
 * `set_aside`: a direct room that others began is not in somebody's list, since newer ones took its place, until its next message. They stay a
 * member, so that what they may read, what is unread and what the others see of them stay as they were. Lists look only for rooms that are not.
 */
export const setAsideStep = {
  tables: `
ALTER TABLE memberships ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;
DROP INDEX memberships_user;
CREATE INDEX memberships_user ON memberships ("user", set_aside);
`,
} as const
