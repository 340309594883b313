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
