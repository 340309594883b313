import type { User } from '../../../../contract/entities.ts'
import type { UserId } from '../../../../contract/ids.ts'
import { foldName } from '../../../../contract/names.ts'
import { lowerSkeletonOf, skeletonOf } from '../../../text/skeleton.ts'
import { userFields } from '../sql/columns.ts'
import { erasedFields, eraseFields, fieldParams, insertFields, setFields } from '../sql/fields.ts'
import { selectIdInUse } from '../sql/idempotency.ts'
import type { Params, WriteStep } from '../sql/write.ts'
import { ownerLock } from '../sql/write.ts'
import type { EventDefinitions } from './definition.ts'

const redactProfile: WriteStep = {
  redact: 'SELECT profile_seq FROM users WHERE id = @id AND profile_seq > 0',
}
const redactEmail = 'SELECT email_seq FROM users WHERE id = @id AND email_seq > 0'

const inserted = insertFields(userFields)
const paramsOfFields = fieldParams(userFields)
const withoutText = erasedFields(userFields)

/** The fields, and the forms of the name by which it is unique. */
const profile = (user: User): Params => ({
  ...paramsOfFields(user),
  folded: foldName(user.username),
  skeleton: skeletonOf(user.username) || null,
  lowerSkeleton: lowerSkeletonOf(user.username) || null,
})

const withoutProfile = <E extends { user: User; redacted?: true | undefined }>(event: E): E => ({
  ...event,
  user: { ...event.user, ...withoutText },
  redacted: true,
})

export const userEvents: EventDefinitions<'user.added' | 'user.changed' | 'user.removed' | 'me.changed'> = {
  'user.added': {
    params: ({ user }) => profile(user),
    steps: [
      { refuseIfIdInUse: selectIdInUse('@id') },
      {
        run: `INSERT INTO users (${inserted.columns}, folded, skeleton, lower_skeleton, email, profile_seq, email_seq)
          VALUES (${inserted.params}, @folded, @skeleton, @lowerSkeleton, '', #seq, 0)`,
      },
    ],
    locks: ({ user }) => ({ ids: [user.id] }),
    redact: withoutProfile,
  },
  'user.changed': {
    params: ({ user }) => profile(user),
    steps: [
      redactProfile,
      {
        run: `UPDATE users SET ${setFields(userFields)}, folded = @folded, profile_seq = #seq,
            skeleton = CASE WHEN username = @username THEN skeleton ELSE @skeleton END,
            lower_skeleton = CASE WHEN username = @username THEN lower_skeleton ELSE @lowerSkeleton END
          WHERE id = @id`,
        found: 'such user',
      },
      { run: 'DELETE FROM avatars WHERE "user" = @id AND id IS DISTINCT FROM @avatar' },
    ],
    locks: ({ user }) => ownerLock({ user: user.id }),
    redact: withoutProfile,
  },
  'user.removed': {
    params: ({ user }) => ({ id: user }),
    steps: [
      redactProfile,
      { redact: redactEmail, of: 'user' },
      {
        run: `UPDATE users SET ${eraseFields(userFields)}, folded = NULL, skeleton = NULL, lower_skeleton = NULL,
            state = 'deleted', email = '', profile_seq = 0, email_seq = 0
          WHERE id = @id`,
        found: 'such user',
      },
      ...['credentials', 'sessions', 'tokens', 'avatars'].map(table => ({
        run: `DELETE FROM ${table} WHERE "user" = @id`,
      })),
    ],
    locks: ownerLock,
    redact: 'no text',
  },
  'me.changed': {
    params: ({ email }) => ({ email }),
    steps: [
      { redact: redactEmail.replace('@id', '@user') },
      { run: 'UPDATE users SET email = @email, email_seq = #seq WHERE id = @user', found: 'such user' },
    ],
    locks: (_, topic) => ownerLock({ user: topic.slice('user:'.length) as UserId }),
    redact: event => ({ ...event, email: '', redacted: true }),
  },
}
