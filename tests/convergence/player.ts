import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { LiveClient } from '../../web/sync/client.ts'
import type { OpenRoom } from '../../web/sync/model.ts'
import type { OutboxRow } from '../../web/sync/outbox/queued.ts'
import { isOf } from '../../web/sync/outbox/queued.ts'
import type { Person } from '../support/app.ts'
import { messagesOf, until } from '../sync/compare.ts'
import type { Device } from '../sync/device.ts'

/** Somebody at a device who does anything that one can do, in any order, from a seed. */
export class Player {
  readonly person: Person
  readonly device: Device
  readonly #random: () => number
  client!: LiveClient
  readonly open = new Map<RoomId, OpenRoom>()
  /** What was posted, by room and in its order, and what was then deleted or given up. */
  readonly posted: { room: RoomId; id: MessageId }[] = []
  readonly deleted = new Set<MessageId>()
  readonly refused = new Set<MessageId>()
  /** What is not over yet. */
  readonly #doing = new Set<Promise<unknown>>()
  #posts: Promise<unknown> = Promise.resolve()
  #said = 0

  constructor(person: Person, device: Device, random: () => number) {
    this.person = person
    this.device = device
    this.#random = random
  }

  async start(rooms: readonly RoomId[]): Promise<void> {
    this.client = await this.device.tab()
    for (const room of rooms) this.open.set(room, this.client.open(room))
  }

  /** One random act, on the rooms and among the people given. It does not wait for its end. */
  act(rooms: readonly RoomId[], others: readonly Player[]): void {
    const room = this.#some(rooms)
    const other = this.#some(others)
    const acts: [number, () => unknown][] = [
      [40, () => this.#post(room)],
      [8, () => this.#edit(room)],
      [6, () => this.#remove(room)],
      [5, () => this.client.call('rooms.join', { id: room })],
      [3, () => this.client.call('rooms.leave', { id: room })],
      [5, () => this.client.call('members.put', { id: room, user: other.person.id })],
      [3, () => this.client.call('members.remove', { id: room, user: other.person.id })],
      [3, () => this.client.call('rooms.change', { id: room, topic: `About ${this.#random()}` })],
      [2, () => this.client.call('rooms.change', { id: room, kind: this.#some(['public', 'private']) })],
      [3, () => this.client.call('me.change', { status: `At ${this.#random()}` })],
      [2, () => this.client.call('direct.open', { users: [other.person.id] })],
      [8, () => this.open.get(room)?.markRead()],
      [4, () => this.#markUnread(room)],
      [6, () => this.open.get(room)?.loadBefore()],
      [3, () => this.open.get(room)?.loadAfter()],
      [3, () => this.#jump(room)],
      [3, () => this.open.get(room)?.jumpToLatest()],
      [4, () => this.#reopen(room)],
    ]
    const chosen = this.#some(acts.flatMap(([weight, act]) => Array<() => unknown>(weight).fill(act)))
    this.#do(Promise.resolve(chosen()))
  }

  /** Closes the page and opens it anew; what was stored is there, and what was on its way may have arrived. */
  async reload(): Promise<void> {
    await this.#posts
    const rooms = [...this.open.keys()]
    for (const open of this.open.values()) open[Symbol.dispose]()
    this.open.clear()
    await this.client[Symbol.asyncDispose]()
    await this.start(rooms)
  }

  /** Resolves when all that was begun has an end, and the outbox holds nothing that is still to be sent. */
  async over(): Promise<void> {
    while (this.#doing.size > 0) await Promise.all(this.#doing)
    const changes = (listener: () => void) => this.client.subscribe(listener)
    await until(changes, () => this.client.snapshot().connection.is === 'online')
    const rows = () => this.device.storage.rows(this.person.id)
    while ((await rows()).some(row => !row.failed)) await new Promise(resolve => setImmediate(resolve))
    for (const row of await rows()) {
      if (isOf(row, 'messages.post')) this.refused.add(row.input.id)
      else await this.#giveUp(row)
    }
  }

  /** A change that was refused is taken back, so that what is shown is what the server has. */
  async #giveUp({ room, key }: OutboxRow): Promise<void> {
    using open = this.client.open(room)
    await open.discard(key)
  }

  #do(act: Promise<unknown>): void {
    const doing = act.finally(() => this.#doing.delete(doing))
    this.#doing.add(doing)
  }

  #post(room: RoomId): Promise<unknown> | undefined {
    const open = this.open.get(room)
    const text = `${this.person.name} ${++this.#said}`
    // One after the other, as one types: the order is that of the pressing of Enter.
    this.#posts = this.#posts.then(async () => {
      if (open) this.posted.push({ room, id: await open.post(text) })
    })
    return this.#posts
  }

  #own(room: RoomId) {
    const open = this.open.get(room)
    return open && messagesOf(open).filter(message => message.author === this.person.id)
  }

  #edit(room: RoomId): Promise<unknown> | undefined {
    const message = this.#some(this.#own(room) ?? [])
    return message && this.open.get(room)?.edit(message, `${message.text}!`)
  }

  #remove(room: RoomId): Promise<unknown> | undefined {
    const message = this.#some(this.#own(room) ?? [])
    if (!message) return undefined
    this.deleted.add(message.id)
    return this.open.get(room)?.remove(message.id)
  }

  #markUnread(room: RoomId): Promise<unknown> | undefined {
    const open = this.open.get(room)
    const message = open && this.#some(messagesOf(open))
    return message && open.markUnreadFrom(message)
  }

  #jump(room: RoomId): Promise<unknown> | undefined {
    const open = this.open.get(room)
    const message = open && this.#some(messagesOf(open))
    return open?.jumpTo(message?.id ?? newId<MessageId>())
  }

  #reopen(room: RoomId): void {
    this.open.get(room)?.[Symbol.dispose]()
    this.open.set(room, this.client.open(room))
  }

  #some<T>(things: readonly [T, ...T[]]): T
  #some<T>(things: readonly T[]): T
  #some<T>(things: readonly T[]): T {
    return things[Math.floor(this.#random() * things.length)] as T
  }
}
