import type { RoomId, UserId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Cancel } from './ports.ts'
import type { SyncContext } from './sync-context.ts'
import type { PushedFrame } from './transport/socket-connection.ts'

/** One's own typing is sent at most this often, ms. */
const notifyEveryMs = limits.typingMs / 2

/**
 * Who types and who is online. Signals may be lost (S1), so nothing rests on them: typing expires by itself, and whose presence is
 * watched is asked for again every minute.
 */
export class Signals {
  readonly #context: SyncContext
  readonly #typing = new Map<RoomId, Map<UserId, Cancel>>()
  readonly #notifiedAt = new Map<RoomId, number>()
  #watched: readonly UserId[] = []
  #online: ReadonlySet<UserId> = new Set()
  #rewatch: Cancel = () => {}

  constructor(context: SyncContext) {
    this.#context = context
  }

  get online(): ReadonlySet<UserId> {
    return this.#online
  }

  typingIn(room: RoomId): readonly UserId[] {
    return [...(this.#typing.get(room)?.keys() ?? [])]
  }

  received(frame: Extract<PushedFrame, { t: 'signal' }>): void {
    if (frame.s === 'typing') this.#typed(frame.room, frame.user)
    else if (frame.s === 'presence') this.#present(frame.user, frame.state === 'online')
  }

  /** Who said something types no more. */
  spoke(room: RoomId, user: UserId): void {
    this.#typing.get(room)?.get(user)?.()
    if (this.#typing.get(room)?.delete(user)) this.#context.roomChanged(room)
  }

  /** Notifies the others of a room, unless they were notified just now. */
  notifyTyping(room: RoomId): void {
    const now = this.#context.ports.clock.now()
    if (now - (this.#notifiedAt.get(room) ?? 0) < notifyEveryMs) return
    this.#notifiedAt.set(room, now)
    this.#context.socket.send({ t: 'signal', s: 'typing', room })
  }

  /** After one's message the next letter is sent at once. */
  posted(room: RoomId): void {
    this.#notifiedAt.delete(room)
  }

  watch(users: readonly UserId[]): void {
    this.#watched = users.slice(0, limits.watchedUsers)
    const watched = new Set(this.#watched)
    this.#becomeOnline([...this.#online].filter(user => watched.has(user)))
    this.ask()
  }

  /** Asks who of the watched is online: at every welcome, and again while connected. */
  ask(): void {
    this.#rewatch()
    this.#context.socket.send({ t: 'watch', users: this.#watched })
    if (this.#watched.length > 0)
      this.#rewatch = this.#context.ports.clock.after(limits.presenceMs, () => this.ask())
  }

  /** The connection is cut: nothing is known of anybody. */
  cut(): void {
    this.#rewatch()
    this.#becomeOnline([])
    for (const [room, users] of this.#typing) {
      for (const cancel of users.values()) cancel()
      this.#typing.delete(room)
      this.#context.roomChanged(room)
    }
  }

  #typed(room: RoomId, user: UserId): void {
    const users = this.#typing.get(room) ?? new Map<UserId, Cancel>()
    users.get(user)?.()
    const isNew = !users.has(user)
    users.set(
      user,
      this.#context.ports.clock.after(limits.typingMs, () => this.spoke(room, user)),
    )
    this.#typing.set(room, users)
    if (isNew) this.#context.roomChanged(room)
  }

  #present(user: UserId, isOnline: boolean): void {
    if (this.#online.has(user) === isOnline) return
    this.#becomeOnline(isOnline ? [...this.#online, user] : [...this.#online].filter(other => other !== user))
  }

  #becomeOnline(users: readonly UserId[]): void {
    if (users.length === this.#online.size && users.every(user => this.#online.has(user))) return
    this.#online = new Set(users)
    this.#context.changed()
  }
}
