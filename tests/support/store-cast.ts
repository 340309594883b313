import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { MemberRole, Room, User } from '../../contract/entities.ts'
import type { Event } from '../../contract/events.ts'
import type { MessageId, RoomId, SessionId, TokenId, Topic, UserId } from '../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../contract/ids.ts'
import type { Append, Appended, Change, Guard, Outcome, RowWrite } from '../../server/core/log/change.ts'
import type { Store } from '../../server/core/ports/store.ts'

export const roomNamed = (name: string, more: Partial<Room> = {}): Omit<Room, 'last'> => ({
  id: newId<RoomId>(),
  kind: 'public',
  name,
  topic: '',
  archived: false,
  everyone: false,
  createdAt: 1_000,
  ...more,
})

export const userNamed = (username: string, more: Partial<User> = {}): User => ({
  id: newId<UserId>(),
  username,
  displayName: username,
  firstName: '',
  lastName: '',
  status: '',
  avatar: null,
  role: 'member',
  state: 'active',
  createdAt: 1_000,
  ...more,
})

/** Writes what tests are about, straight to a store, as core would build it but for the guards. */
export class Cast {
  readonly #store: () => Store
  /** Goes on by one with each event, so that no test depends on the machine's clock. */
  now = 1_000

  constructor(store: () => Store) {
    this.#store = store
  }

  /** What a change comes to. */
  try(change: Partial<Change>): Promise<Outcome> {
    return this.#store().commit({ guards: [], appends: [], rows: [], ...change })
  }

  /** A change that has to be done; answers what was appended. */
  async do(change: Partial<Change>): Promise<readonly Appended[]> {
    const outcome = await this.try(change)
    assert.equal(outcome.is, 'done', JSON.stringify(outcome))
    return outcome.is === 'done' ? outcome.appended : []
  }

  rows(...rows: RowWrite[]): Promise<readonly Appended[]> {
    return this.do({ rows })
  }

  /** An event at the next instant. */
  at<E extends { e: Event['e']; by: UserId }>(topic: Topic, event: E): Append {
    return { topic, event: { ...event, at: this.now++ } as unknown as Event }
  }

  async user(username: string, more: Partial<User> = {}): Promise<User> {
    const user = userNamed(username, more)
    await this.do({ appends: [this.at('workspace', { e: 'user.added', by: user.id, user })] })
    return user
  }

  changed(user: User): Promise<readonly Appended[]> {
    return this.do({ appends: [this.at('workspace', { e: 'user.changed', by: user.id, user })] })
  }

  /** A room, listed where it is public, with its members. */
  async room(name: string, members: readonly User[], more: Partial<Room> = {}): Promise<Room['id']> {
    // Who a direct room is of stands in the event that makes it.
    const people = more.kind === 'direct' ? { people: members.map(({ id }) => id).sort() } : {}
    const room = roomNamed(name, { ...people, ...more })
    const by = members[0]?.id ?? newId<UserId>()
    await this.do({ appends: this.made(room, by) })
    for (const member of members) await this.join(room.id, member)
    return room.id
  }

  made(room: Omit<Room, 'last'>, by: UserId): Append[] {
    const [told, ...listed] = this.altered(room, by)
    assert.ok(told)
    return [{ ...told, creates: true }, ...listed]
  }

  /** A room that is there, as it now is. */
  altered(room: Omit<Room, 'last'>, by: UserId): Append[] {
    const told = this.at(roomTopic(room.id), { e: 'room.changed', by, room })
    return room.kind === 'public' ? [told, this.at('workspace', { e: 'room.listed', by, room })] : [told]
  }

  join(room: RoomId, { id }: User, role: MemberRole = 'member'): Promise<readonly Appended[]> {
    return this.do({
      appends: [
        this.at(roomTopic(room), { e: 'member.added', by: id, user: id, role }),
        this.at(userTopic(id), { e: 'room.added', by: id, room }),
      ],
    })
  }

  leave(room: RoomId, { id }: User): Promise<readonly Appended[]> {
    return this.do({
      appends: [
        this.at(roomTopic(room), { e: 'member.removed', by: id, user: id }),
        this.at(userTopic(id), { e: 'room.removed', by: id, room }),
      ],
    })
  }

  /** A post, as a Change that can be sent again. */
  posting(
    room: RoomId,
    { id: by }: User,
    text: string,
    more: { id?: MessageId; quote?: MessageId } = {},
  ): Change {
    const id = more.id ?? newId<MessageId>()
    const quote = more.quote ? { quote: more.quote } : {}
    const guards: Guard[] = [{ if: 'member', room, user: by, refuse: 'not_found' }]
    return {
      idempotencyKey: {
        of: 'message',
        id,
        author: by,
        fingerprint: createHash('sha256').update(text).digest('hex'),
      },
      guards,
      appends: [this.at(roomTopic(room), { e: 'message.posted', by, id, text, ...quote })],
      rows: [],
    }
  }

  async post(
    room: RoomId,
    user: User,
    text: string,
    quote?: MessageId,
  ): Promise<{ id: MessageId; seq: number }> {
    const id = newId<MessageId>()
    const [posted] = await this.do(this.posting(room, user, text, { id, ...(quote && { quote }) }))
    return { id, seq: posted?.seq ?? 0 }
  }

  edit(
    room: RoomId,
    { id: by }: User,
    id: MessageId,
    text: string,
    rev: number,
  ): Promise<readonly Appended[]> {
    return this.do({ appends: [this.at(roomTopic(room), { e: 'message.edited', by, id, text, rev })] })
  }

  erase(
    room: RoomId,
    { id: by }: User,
    message: { id: MessageId; seq: number },
  ): Promise<readonly Appended[]> {
    const event = { e: 'message.deleted', by, id: message.id, of: message.seq, author: by } as const
    return this.do({ appends: [this.at(roomTopic(room), event)] })
  }

  /** Moves a marker, forward or back. */
  read(room: RoomId, { id }: User, seq: number): Promise<readonly Appended[]> {
    return this.do({ appends: [this.at(userTopic(id), { e: 'read.moved', by: id, room, seq, head: seq })] })
  }

  async session({ id: user }: User, at = this.now): Promise<{ id: SessionId; hash: string }> {
    const session = {
      id: newId<SessionId>(),
      user,
      hash: newId<string>(),
      at,
      agent: 'Browser',
      address: '::1',
    }
    await this.rows({ row: 'session', session })
    return session
  }

  async token({ id: user }: User, expires: number | null = null): Promise<{ id: TokenId; hash: string }> {
    const token = { id: newId<TokenId>(), user, name: 'script', hash: newId<string>(), at: this.now, expires }
    await this.rows({ row: 'token', token })
    return token
  }
}

/** Every event of a log, decoded. */
export async function logOf(store: Store, topic: Topic): Promise<Event[]> {
  const { bodies } = await store.events(topic, 0, { events: 100_000, bytes: Number.MAX_SAFE_INTEGER })
  return bodies.map(body => JSON.parse(body) as Event)
}
