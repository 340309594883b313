import * as z from 'zod/mini'
import { instant, me, membership, room, seq, session, token, user, workspace } from '../entities.ts'
import { avatarId, epochId, newTokenId, roomId, sessionId, tokenId, topic } from '../id-schemas.ts'
import { limits } from '../limits.ts'
import { storable } from '../storable.ts'
import {
  displayName,
  email,
  password,
  personName,
  statusLine,
  tokenName,
  username,
  workspaceName,
} from '../text.ts'
import type { Operation } from './operation.ts'
import { done, nothing } from './operation.ts'

/** A secret as somebody typed it: bounded, but held to no form, so that a wrong one is told by the comparison alone. */
const typed = z
  .string()
  .check(z.maxLength(limits.passwordMax), z.refine(storable, 'must be well-formed text'))
const typedName = z
  .string()
  .check(z.maxLength(limits.usernameCharacters * 4), z.refine(storable, 'must be well-formed text'))
const signedIn = z.strictObject({ me, epoch: epochId })

/** First run, signing in and out, oneself, one's sessions and tokens. */
export const accountOperations = {
  'workspace.get': {
    method: 'GET',
    path: '/api/workspace',
    who: 'anyone',
    transport: 'both',
    does: 'The workspace as the signed-out see it.',
    input: nothing,
    output: workspace,
  },
  'workspace.change': {
    method: 'PATCH',
    path: '/api/workspace',
    who: 'administrator',
    transport: 'both',
    does: 'Renames the workspace.',
    input: z.strictObject({ name: workspaceName }),
    output: z.strictObject({ workspace, seq }),
  },
  'workspace.setUp': {
    method: 'POST',
    path: '/api/setup',
    who: 'anyone',
    transport: 'http',
    does: 'First run: makes the owner and the two public rooms. `account` says whose: a `new` one, or that of an `imported` administrator, who gives the password they had. Where people were imported it has to be said.',
    input: z.strictObject({
      code: typed,
      workspace: workspaceName,
      username,
      password,
      displayName: z.optional(displayName),
      account: z.optional(z.enum(['new', 'imported'])),
    }),
    output: signedIn,
  },
  'account.signUp': {
    method: 'POST',
    path: '/api/sign-up',
    who: 'anyone',
    transport: 'http',
    does: 'Makes an account and signs it in.',
    input: z.strictObject({ username, password, displayName: z.optional(displayName) }),
    output: signedIn,
  },
  'account.signIn': {
    method: 'POST',
    path: '/api/sign-in',
    who: 'anyone',
    transport: 'http',
    does: 'Signs in: a new session, whatever session was there. `denied` where the password is right and the account is deactivated.',
    input: z.strictObject({ username: typedName, password: typed }),
    output: signedIn,
  },
  'account.signOut': {
    method: 'POST',
    path: '/api/sign-out',
    who: 'session',
    transport: 'http',
    does: 'Ends this session and closes its sockets.',
    input: nothing,
    output: done,
  },
  'bootstrap.get': {
    method: 'GET',
    path: '/api/bootstrap',
    who: 'somebody',
    transport: 'both',
    does: 'One consistent snapshot of the workspace and of oneself, with the head of every log one is served.',
    input: nothing,
    output: z.strictObject({
      epoch: epochId,
      workspace,
      me,
      users: z.array(user),
      rooms: z.array(room),
      memberships: z.array(membership),
      unread: z.record(roomId, z.int()),
      cursors: z.record(topic, seq),
    }),
  },
  'me.get': {
    method: 'GET',
    path: '/api/me',
    who: 'somebody',
    transport: 'both',
    does: 'Oneself.',
    input: nothing,
    output: z.strictObject({ me, seq }),
  },
  'me.change': {
    method: 'PATCH',
    path: '/api/me',
    who: 'somebody',
    transport: 'both',
    does: "Changes one's profile. A token may not change the e-mail address.",
    input: z.strictObject({
      username: z.optional(username),
      displayName: z.optional(displayName),
      firstName: z.optional(personName),
      lastName: z.optional(personName),
      status: z.optional(statusLine),
      email: z.optional(email),
    }),
    output: z.strictObject({ me, seq }),
  },
  'me.remove': {
    method: 'DELETE',
    path: '/api/me',
    who: 'session',
    transport: 'both',
    does: "Deletes one's account, after a confirmation. `messages`: whether they stay as by a deleted user, or go with it.",
    input: z.strictObject({ messages: z.enum(['keep', 'delete']) }),
    output: done,
  },
  'me.setAvatar': {
    method: 'PUT',
    path: '/api/me/avatar',
    who: 'somebody',
    transport: 'http',
    does: "Sets one's picture: cut square, at most 512 px, metadata dropped. It may have 50 million pixels; as a GIF, a progressive JPEG or an interlaced PNG 25 million, as an AVIF 12.5 million.",
    input: nothing,
    output: z.strictObject({ avatar: avatarId, seq }),
    bytes: {
      max: limits.avatarBytes,
      types: ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'],
    },
  },
  'me.removeAvatar': {
    method: 'DELETE',
    path: '/api/me/avatar',
    who: 'somebody',
    transport: 'http',
    does: "Takes one's picture away.",
    input: nothing,
    output: done,
  },
  'me.changePassword': {
    method: 'PUT',
    path: '/api/me/password',
    who: 'session',
    transport: 'both',
    does: "Changes one's password and ends the other sessions and all tokens.",
    input: z.strictObject({ current: typed, password }),
    output: done,
  },
  'me.confirm': {
    method: 'POST',
    path: '/api/me/confirm',
    who: 'session',
    transport: 'both',
    does: "Confirms one's password for the next ten minutes, for what asks for it.",
    input: z.strictObject({ password: typed }),
    output: done,
  },
  'sessions.list': {
    method: 'GET',
    path: '/api/sessions',
    who: 'somebody',
    transport: 'both',
    does: 'The browsers one is signed in with.',
    input: nothing,
    output: z.strictObject({ sessions: z.array(session) }),
  },
  'sessions.remove': {
    method: 'DELETE',
    path: '/api/sessions/{id}',
    who: 'session',
    transport: 'both',
    does: "Ends one of one's sessions and closes its sockets.",
    input: z.strictObject({ id: sessionId }),
    output: done,
  },
  'tokens.list': {
    method: 'GET',
    path: '/api/tokens',
    who: 'somebody',
    transport: 'both',
    does: "One's tokens, without their secrets.",
    input: nothing,
    output: z.strictObject({ tokens: z.array(token) }),
  },
  'tokens.create': {
    method: 'POST',
    path: '/api/tokens',
    who: 'session',
    transport: 'both',
    does: 'Makes a token, after a confirmation. The secret is in this first answer only.',
    input: z.strictObject({ id: newTokenId, name: tokenName, expires: z.optional(instant) }),
    output: z.strictObject({ id: tokenId, name: z.string(), token: z.optional(z.string()) }),
  },
  'tokens.remove': {
    method: 'DELETE',
    path: '/api/tokens/{id}',
    who: 'session',
    transport: 'both',
    does: 'Revokes a token and closes its sockets.',
    input: z.strictObject({ id: tokenId }),
    output: done,
  },
} as const satisfies Record<string, Operation>
