import type { RoomKind } from '../../contract/entities.ts'
import type { MessageId, RoomId, UserId } from '../../contract/ids.ts'
import type { Actor, TestCore } from '../support/core.ts'

/** Who tries. A `script` is a member's token; `former` was a member of the room; a direct room has no manager and no former members. */
export const roles = [
  'owner',
  'administrator',
  'manager',
  'member',
  'former',
  'outsider',
  'script',
  'deactivated',
  'nobody',
] as const
export type Role = (typeof roles)[number]

/** What somebody tries it on, made for them. */
export interface Stage {
  readonly actor: Actor
  readonly room: RoomId
  /** A message that the actor wrote, where they could; else one of somebody else. */
  readonly own: MessageId
  readonly others: MessageId
  /** A member of the room beside the actor. */
  readonly other: UserId
  readonly stranger: UserId
}

/** A workspace in which people of every role are made when they are asked for. */
export class Cast {
  readonly #chat: TestCore
  readonly #owner: Actor
  #count = 0

  constructor(chat: TestCore, owner: Actor) {
    this.#chat = chat
    this.#owner = owner
  }

  freshName(): string {
    this.#count += 1
    return `person${this.#count}`
  }

  async person(role: 'owner' | 'administrator' | 'member' = 'member'): Promise<Actor> {
    const actor = await this.#chat.signUp(this.freshName())
    if (role !== 'member') await this.#owner.ok('users.change', { id: actor.id, role })
    return actor
  }

  /** The actor, in a room of the kind as far as their role has it. */
  async stage(role: Role, kind: RoomKind): Promise<Stage> {
    const [maker, stranger] = [await this.person(), await this.person()]
    const actor = await this.person(role === 'owner' || role === 'administrator' ? role : 'member')
    const isIn = role === 'manager' || role === 'member' || role === 'script'
    const room =
      kind === 'direct'
        ? await maker.direct(isIn ? actor : stranger)
        : await maker.room(this.freshName(), kind)
    const others = (await maker.says(room, 'by somebody else')).id
    const own = kind === 'direct' && !isIn ? others : await this.#passing(maker, actor, { room, kind, role })
    const seat = await this.#seat(actor, role)
    return { actor: seat, room, own, others, other: maker.id, stranger: stranger.id }
  }

  /** The actor comes, says something, and stays or goes as the role has it. */
  async #passing(
    maker: Actor,
    actor: Actor,
    of: { room: RoomId; kind: RoomKind; role: Role },
  ): Promise<MessageId> {
    const { room, kind, role } = of
    if (kind !== 'direct')
      await maker.ok('members.put', {
        id: room,
        user: actor.id,
        role: role === 'manager' ? 'manager' : 'member',
      })
    const { id } = await actor.says(room, 'by the actor')
    const stays = kind === 'direct' || role === 'manager' || role === 'member' || role === 'script'
    if (!stays) await actor.ok('rooms.leave', { id: room })
    return id
  }

  async #seat(actor: Actor, role: Role): Promise<Actor> {
    if (role === 'nobody') return this.#chat.nobody
    if (role === 'script') return (await actor.script()).script
    if (role === 'deactivated') await this.#owner.ok('users.change', { id: actor.id, state: 'deactivated' })
    return actor
  }
}
