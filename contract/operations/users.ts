import * as z from 'zod/mini'
import { role, seq, user } from '../entities.ts'
import { newUserId, userId } from '../id-schemas.ts'
import { limits } from '../limits.ts'
import { displayName, email, password, personName, statusLine, username } from '../text.ts'
import type { Operation } from './operation.ts'
import { done, listOf, whole } from './operation.ts'

const one = z.strictObject({ user, seq })

/** People: everybody reads their profiles, administrators make, change, deactivate and delete them. Only an owner touches an owner. */
export const userOperations = {
  'users.list': {
    method: 'GET',
    path: '/api/users',
    who: 'somebody',
    transport: 'both',
    does: 'People by ids, or page by page in the order of their ids: give the last id as `after`. Administrators are told who of them has an account and no password to sign in with.',
    input: z.strictObject({
      ids: z.optional(listOf(userId, limits.usersAPage)),
      after: z.optional(userId),
      limit: z.optional(whole(limits.usersAPage)),
    }),
    output: z.strictObject({
      users: z.array(user),
      more: z.boolean(),
      passwordless: z.optional(z.array(userId)),
      seq,
    }),
  },
  'users.get': {
    method: 'GET',
    path: '/api/users/{id}',
    who: 'somebody',
    transport: 'both',
    does: 'One person.',
    input: z.strictObject({ id: userId }),
    output: one,
  },
  'users.create': {
    method: 'POST',
    path: '/api/users',
    who: 'administrator',
    transport: 'both',
    does: 'Makes an account for somebody.',
    input: z.strictObject({
      id: newUserId,
      username,
      password,
      displayName: z.optional(displayName),
      email: z.optional(email),
      role: z.optional(role),
    }),
    output: one,
  },
  'users.change': {
    method: 'PATCH',
    path: '/api/users/{id}',
    who: 'administrator',
    transport: 'both',
    does: "Changes a person's profile, role or password, deactivates or reactivates them. A new password or deactivation ends all their sessions.",
    input: z.strictObject({
      id: userId,
      username: z.optional(username),
      displayName: z.optional(displayName),
      firstName: z.optional(personName),
      lastName: z.optional(personName),
      status: z.optional(statusLine),
      email: z.optional(email),
      password: z.optional(password),
      role: z.optional(role),
      state: z.optional(z.enum(['active', 'deactivated'])),
    }),
    output: one,
  },
  'users.removeAvatar': {
    method: 'DELETE',
    path: '/api/users/{id}/avatar',
    who: 'administrator',
    transport: 'both',
    does: "Takes a person's picture away.",
    input: z.strictObject({ id: userId }),
    output: one,
  },
  'users.remove': {
    method: 'DELETE',
    path: '/api/users/{id}',
    who: 'administrator',
    transport: 'both',
    does: "Deletes a person's account; `messages` as for one's own.",
    input: z.strictObject({ id: userId, messages: z.enum(['keep', 'delete']) }),
    output: done,
  },
} as const satisfies Record<string, Operation>
