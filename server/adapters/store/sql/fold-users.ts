import type { User } from '../../../../contract/entities.ts'
import { foldName } from '../../../../contract/names.ts'
import { lowerSkeletonOf, skeletonOf } from '../../../text/skeleton.ts'
import { selectIdInUse } from './id-in-use.ts'
import type { Folds, Params, WriteStep } from './step.ts'

const redactProfile: WriteStep = {
  redact: 'SELECT profile_seq FROM users WHERE id = @id AND profile_seq > 0',
}
const redactEmail = 'SELECT email_seq FROM users WHERE id = @id AND email_seq > 0'

export const foldUsers: Folds<'user.added' | 'user.changed' | 'user.removed' | 'me.changed'> = {
  'user.added': {
    params: ({ user }) => ({ ...profile(user), createdAt: user.createdAt }),
    steps: [
      { refuseIfIdInUse: selectIdInUse('@id') },
      {
        run: `INSERT INTO users (id, username, folded, skeleton, lower_skeleton, display_name, first_name, last_name, status, avatar, role,
            state, created_at, email, profile_seq, email_seq)
          VALUES (@id, @username, @folded, @skeleton, @lowerSkeleton, @displayName, @firstName, @lastName, @status, @avatar, @role, @state,
            #createdAt, '', #seq, 0)`,
      },
    ],
  },
  'user.changed': {
    params: ({ user }) => profile(user),
    steps: [
      redactProfile,
      {
        run: `UPDATE users SET folded = @folded, username = @username,
            skeleton = CASE WHEN username = @username THEN skeleton ELSE @skeleton END,
            lower_skeleton = CASE WHEN username = @username THEN lower_skeleton ELSE @lowerSkeleton END,
            display_name = @displayName, first_name = @firstName, last_name = @lastName, status = @status, avatar = @avatar, role = @role, state = @state, profile_seq = #seq
          WHERE id = @id`,
        found: 'such user',
      },
      { run: 'DELETE FROM avatars WHERE "user" = @id AND id IS DISTINCT FROM @avatar' },
    ],
  },
  'user.removed': {
    params: ({ user }) => ({ id: user }),
    steps: [
      redactProfile,
      { redact: redactEmail, of: 'user' },
      {
        run: `UPDATE users SET username = '', folded = NULL, skeleton = NULL, lower_skeleton = NULL, display_name = '', first_name = '', last_name = '', status = '',
            avatar = NULL, state = 'deleted', email = '', profile_seq = 0, email_seq = 0
          WHERE id = @id`,
        found: 'such user',
      },
      ...['credentials', 'sessions', 'tokens', 'avatars'].map(table => ({
        run: `DELETE FROM ${table} WHERE "user" = @id`,
      })),
    ],
  },
  'me.changed': {
    params: ({ email }) => ({ email }),
    steps: [
      { redact: redactEmail.replace('@id', '@user') },
      { run: 'UPDATE users SET email = @email, email_seq = #seq WHERE id = @user', found: 'such user' },
    ],
  },
}

const profile = (user: User): Params => ({
  id: user.id,
  username: user.username,
  folded: foldName(user.username),
  skeleton: skeletonOf(user.username) || null,
  lowerSkeleton: lowerSkeletonOf(user.username) || null,
  displayName: user.displayName,
  firstName: user.firstName,
  lastName: user.lastName,
  status: user.status,
  avatar: user.avatar,
  role: user.role,
  state: user.state,
})
