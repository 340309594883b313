import type { ErrorCode } from '../../contract/codes.ts'
import type { RoomKind, Role as UserRole } from '../../contract/entities.ts'
import type { MessageId, RoomId, SessionId, TokenId, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Input, OperationName } from '../../contract/operations.ts'
import { password, setupCode } from '../support/core.ts'
import type { Cast, Stage } from './cast.ts'

type Verdict = 'ok' | ErrorCode
/** For owner, administrator, manager, member, former member, outsider and a member's script; who is deactivated or nobody is always refused. */
export type Verdicts = readonly [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict]

export interface Row<Name extends OperationName = OperationName> {
  readonly on: string
  readonly kind: RoomKind
  readonly input: (stage: Stage, cast: Cast) => Input<Name> | Promise<Input<Name>>
  readonly expects: Verdicts
  readonly bytes?: Uint8Array
  /** The same call on what is not there, for A2. */
  readonly absent?: (stage: Stage) => Input<Name>
}

type Rows<Name extends OperationName> = readonly Row<Name>[]

const [all, administration]: Verdicts[] = [
  ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ['ok', 'ok', 'denied', 'denied', 'denied', 'denied', 'denied'],
] as const
const ownersOnly: Verdicts = ['ok', 'denied', 'denied', 'denied', 'denied', 'denied', 'denied']
const sessionsOnly: Verdicts = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'session_needed']

/** What a right over a room comes to in a room of each kind. */
const inRooms = {
  see: {
    public: all,
    private: ['ok', 'ok', 'ok', 'ok', 'not_found', 'not_found', 'ok'],
    direct: ['not_found', 'not_found', 'ok', 'ok', 'not_found', 'not_found', 'ok'],
  },
  takePart: {
    public: ['denied', 'denied', 'ok', 'ok', 'denied', 'denied', 'ok'],
    private: ['denied', 'denied', 'ok', 'ok', 'not_found', 'not_found', 'ok'],
    direct: ['not_found', 'not_found', 'ok', 'ok', 'not_found', 'not_found', 'ok'],
  },
  add: {
    public: ['ok', 'ok', 'ok', 'ok', 'denied', 'denied', 'ok'],
    private: ['ok', 'ok', 'ok', 'ok', 'not_found', 'not_found', 'ok'],
    direct: ['not_found', 'not_found', 'denied', 'denied', 'not_found', 'not_found', 'denied'],
  },
  manage: {
    public: ['ok', 'ok', 'ok', 'denied', 'denied', 'denied', 'denied'],
    private: ['ok', 'ok', 'ok', 'denied', 'not_found', 'not_found', 'denied'],
    direct: ['not_found', 'not_found', 'denied', 'denied', 'not_found', 'not_found', 'denied'],
  },
  erase: {
    public: administration,
    private: administration,
    direct: ['not_found', 'not_found', 'denied', 'denied', 'denied', 'denied', 'denied'],
  },
  /** Who is in already is answered as if they had just joined. */
  join: {
    public: all,
    private: ['denied', 'denied', 'ok', 'ok', 'not_found', 'not_found', 'ok'],
    direct: ['not_found', 'not_found', 'ok', 'ok', 'not_found', 'not_found', 'ok'],
  },
  touchNobodyElses: {
    public: ['denied', 'denied', 'denied', 'denied', 'denied', 'denied', 'denied'],
    private: ['denied', 'denied', 'denied', 'denied', 'not_found', 'not_found', 'denied'],
    direct: ['not_found', 'not_found', 'denied', 'denied', 'not_found', 'not_found', 'denied'],
  },
} as const satisfies Record<string, Record<RoomKind, Verdicts>>

const kinds: readonly RoomKind[] = ['public', 'private', 'direct']

/** One row for a room of each kind. */
const rooms = <Name extends OperationName>(
  expects: Record<RoomKind, Verdicts>,
  input: (room: RoomId, stage: Stage, cast: Cast) => Input<Name> | Promise<Input<Name>>,
  what = '',
): Rows<Name> =>
  kinds.map(kind => ({
    on: `a ${kind} room${what}`,
    kind,
    input: (stage, cast) => input(stage.room, stage, cast),
    expects: expects[kind],
    absent: stage => input(newId<RoomId>(), stage, undefined as never) as Input<Name>,
  }))

const messages = <Name extends OperationName>(
  whose: 'own' | 'others',
  expects: Record<RoomKind, Verdicts>,
  input: (message: MessageId) => Input<Name>,
): Rows<Name> =>
  kinds.map(kind => ({
    on: `${whose === 'own' ? 'their own' : "somebody else's"} message in a ${kind} room`,
    kind,
    input: stage => input(stage[whose]),
    expects: expects[kind],
    absent: () => input(newId<MessageId>()),
  }))

/** One row for a user of each role, made anew for each try. */
const users = <Name extends OperationName>(
  expects: Record<UserRole, Verdicts>,
  input: (user: UserId) => Input<Name>,
  what: string,
): Rows<Name> =>
  (['owner', 'administrator', 'member'] as const).map(role => ({
    on: `a user who is ${role}, ${what}`,
    kind: 'public',
    input: async (_, cast) => input((await cast.person(role)).id),
    expects: expects[role],
  }))

const anywhere = <Name extends OperationName>(
  expects: Verdicts,
  input: (stage: Stage, cast: Cast) => Input<Name> | Promise<Input<Name>>,
  on = 'the workspace',
): Rows<Name> => [{ on, kind: 'public', input, expects }]

/** By the target's role: an administrator touches members only. */
const touch: Record<UserRole, Verdicts> = {
  owner: ownersOnly,
  administrator: ownersOnly,
  member: administration,
}
const asOwner: Record<UserRole, Verdicts> = {
  owner: ownersOnly,
  administrator: ownersOnly,
  member: ownersOnly,
}
const nameFor = () => `name-${newId<string>().slice(-12)}`

/** Who may do what on what: every operation has its rows. */
export const permissions: { readonly [Name in OperationName]: Rows<Name> } = {
  'workspace.get': anywhere(all, () => ({})),
  'workspace.setUp': anywhere(Array(7).fill('setup_done') as unknown as Verdicts, () => ({
    code: setupCode,
    workspace: 'Mine',
    username: 'mallory',
    password,
  })),
  'workspace.change': anywhere(administration, () => ({ name: 'Test' })),
  'account.signUp': anywhere(all, () => ({ username: nameFor(), password })),
  'account.signIn': anywhere(all, () => ({ username: 'owner', password })),
  'account.signOut': anywhere(sessionsOnly, () => ({})),
  'bootstrap.get': anywhere(all, () => ({})),
  'me.get': anywhere(all, () => ({})),
  'me.change': [
    ...anywhere<'me.change'>(all, () => ({ status: 'here' }), 'their status'),
    ...anywhere<'me.change'>(
      sessionsOnly,
      () => ({ email: `${nameFor()}@example.org` }),
      'their e-mail address',
    ),
  ],
  'me.remove': anywhere(sessionsOnly, () => ({ messages: 'keep' })),
  'me.setAvatar': [
    { on: 'themselves', kind: 'public', input: () => ({}), expects: all, bytes: new Uint8Array(9) },
  ],
  'me.removeAvatar': anywhere(all, () => ({})),
  'me.changePassword': anywhere(sessionsOnly, () => ({ current: password, password: 'another good one' })),
  'me.confirm': anywhere(sessionsOnly, () => ({ password })),
  'sessions.list': anywhere(all, () => ({})),
  'sessions.remove': anywhere(sessionsOnly, () => ({ id: newId<SessionId>() })),
  'tokens.list': anywhere(all, () => ({})),
  'tokens.create': anywhere(sessionsOnly, () => ({ id: newId<TokenId>(), name: 'script' })),
  'tokens.remove': anywhere(sessionsOnly, () => ({ id: newId<TokenId>() })),
  'users.list': anywhere(all, () => ({})),
  'users.get': anywhere(all, stage => ({ id: stage.other })),
  'users.create': (['member', 'administrator', 'owner'] as const).flatMap(role =>
    anywhere<'users.create'>(
      role === 'member' ? administration : ownersOnly,
      () => ({ id: newId<UserId>(), username: nameFor(), password, role }),
      `a new ${role}`,
    ),
  ),
  'users.change': [
    ...users<'users.change'>(touch, id => ({ id, status: 'changed' }), 'their profile'),
    ...users<'users.change'>(touch, id => ({ id, password: 'another good one' }), 'their password'),
    ...users<'users.change'>(touch, id => ({ id, state: 'deactivated' }), 'deactivated'),
    ...users<'users.change'>(
      { ...asOwner, member: administration },
      id => ({ id, role: 'member' }),
      'made a member',
    ),
    ...users<'users.change'>(asOwner, id => ({ id, role: 'administrator' }), 'made an administrator'),
    ...users<'users.change'>(asOwner, id => ({ id, role: 'owner' }), 'made an owner'),
  ],
  'users.removeAvatar': users(touch, id => ({ id }), 'their picture'),
  'users.remove': users(touch, id => ({ id, messages: 'keep' }), 'deleted'),
  'rooms.list': [
    ...anywhere<'rooms.list'>(all, () => ({}), 'rooms they see'),
    ...anywhere<'rooms.list'>(administration, () => ({ which: 'all' }), 'all rooms'),
  ],
  'rooms.create': (['public', 'private'] as const).flatMap(kind =>
    anywhere<'rooms.create'>(
      all,
      () => ({ id: newId<RoomId>(), kind, name: nameFor() }),
      `a new ${kind} room`,
    ),
  ),
  'rooms.get': rooms(inRooms.see, id => ({ id })),
  'rooms.named': anywhere(all, () => ({ name: 'General' }), 'the room of a name'),
  'rooms.change': [
    ...rooms<'rooms.change'>(inRooms.manage, id => ({ id, topic: 'changed' }), ', its topic'),
    ...rooms<'rooms.change'>(inRooms.manage, id => ({ id, name: nameFor() }), ', its name'),
    ...rooms<'rooms.change'>(inRooms.manage, id => ({ id, archived: true }), ', archived'),
    ...rooms<'rooms.change'>(inRooms.manage, id => ({ id, kind: 'public' }), ', made public'),
    ...rooms<'rooms.change'>(inRooms.manage, id => ({ id, kind: 'private' }), ', made private'),
  ],
  'rooms.remove': rooms(inRooms.erase, id => ({ id })),
  'rooms.join': rooms(inRooms.join, id => ({ id })),
  'rooms.leave': rooms(inRooms.see, id => ({ id })),
  'members.list': rooms(inRooms.see, id => ({ id })),
  'members.put': [
    ...rooms<'members.put'>(inRooms.add, (id, { stranger }) => ({ id, user: stranger }), ', somebody new'),
    ...rooms<'members.put'>(
      inRooms.manage,
      (id, { stranger }) => ({ id, user: stranger, role: 'manager' }),
      ', somebody new as manager',
    ),
    ...rooms<'members.put'>(
      inRooms.manage,
      (id, { other }) => ({ id, user: other, role: 'member' }),
      ", a manager's role",
    ),
  ],
  'members.remove': rooms(inRooms.manage, (id, { other }) => ({ id, user: other }), ', somebody in it'),
  'direct.remove': rooms(
    {
      public: inRooms.touchNobodyElses.public,
      private: inRooms.touchNobodyElses.private,
      direct: inRooms.takePart.direct,
    },
    id => ({ id }),
  ),
  'direct.open': anywhere(all, ({ stranger }) => ({ users: [stranger] })),
  'reads.move': rooms(inRooms.takePart, id => ({ id, seq: 3 })),
  'reads.back': rooms(inRooms.takePart, id => ({ id, seq: 1 })),
  'messages.list': rooms(inRooms.see, room => ({ room })),
  'messages.oversee': [
    ...anywhere<'messages.oversee'>(administration, () => ({}), 'all rooms'),
    ...anywhere<'messages.oversee'>(administration, ({ other }) => ({ author: other }), 'one person'),
    ...rooms<'messages.oversee'>(
      {
        public: administration,
        private: administration,
        direct: ['not_found', 'not_found', 'denied', 'denied', 'denied', 'denied', 'denied'],
      },
      room => ({ room }),
      ', overseen',
    ),
  ],
  'messages.post': rooms(inRooms.takePart, room => ({ room, id: newId<MessageId>(), text: 'hello' })),
  'messages.get': [
    ...messages<'messages.get'>('own', inRooms.see, id => ({ id })),
    ...messages<'messages.get'>('others', inRooms.see, id => ({ id })),
  ],
  'messages.edit': [
    ...messages<'messages.edit'>('own', inRooms.takePart, id => ({ id, text: 'edited', was: 0 })),
    ...messages<'messages.edit'>('others', inRooms.touchNobodyElses, id => ({ id, text: 'edited', was: 0 })),
  ],
  'messages.remove': [
    ...messages<'messages.remove'>('own', inRooms.see, id => ({ id })),
    ...messages<'messages.remove'>('others', inRooms.manage, id => ({ id })),
  ],
}
