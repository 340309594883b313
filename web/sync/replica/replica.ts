import type { Membership } from '../../../contract/entities.ts'
import type { ServerFrame } from '../../../contract/frames.ts'
import type { Epoch, RoomId, Seq, Topic } from '../../../contract/ids.ts'
import { roomTopic, userTopic } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import type { CallResult } from '../model.ts'
import type { SavedState } from '../storage/storage.ts'
import type { SyncContext } from '../sync-context.ts'
import type { EventBatch } from './effects.ts'
import { fold } from './fold.ts'
import type { Meanwhile } from './merged-reads.ts'
import { MergedReads } from './merged-reads.ts'
import type { State } from './state.ts'
import { heldAt, mineOf, notHeld, roomOf, stateOf, unheld, withoutRoom, withRoom } from './state.ts'
import { Topics } from './topics.ts'

/** What a room is to its reader, as `rooms.get`, `rooms.create`, `rooms.join` and `direct.open` answer it. */
export type RoomAnswer = Output<'rooms.get'>

/**
 * What one person is served, followed: a cursor in each log, and the state that the logs fold to. Frames go in; what must be read goes
 * out as `wanted`, and is read by `bootstrap` and `readRoom`.
 */
export class Replica {
  readonly reads: MergedReads
  readonly topics: Topics
  #state: State
  #wanted = new Set<Topic>()
  /** Of the connection's other end, once it said it. */
  #epoch: Epoch | null
  /** Of the logs, as the connection came up. */
  #heads: ReadonlyMap<Topic, Seq> = new Map()
  readonly #context: SyncContext

  constructor(saved: SavedState, context: SyncContext) {
    this.#state = saved.state
    this.#epoch = saved.state.epoch
    this.#context = context
    this.topics = new Topics(saved.cursors)
    this.reads = new MergedReads(() => this.topics.cursors)
    for (const topic of ['workspace', userTopic(saved.state.me)] as const)
      if (heldAt(saved.state, topic) === notHeld) this.#wanted.add(topic)
    for (const mine of saved.state.mine.values())
      if (!mine.unread.sure) this.#wanted.add(roomTopic(mine.room.id))
  }

  get state(): State {
    return this.#state
  }

  /** Topics whose part is to be read: those of the workspace and oneself by `bootstrap.get`, which serves for all. */
  get wanted(): ReadonlySet<Topic> {
    return this.#wanted
  }

  /** Of the topics that are held: what a hello may say is known, and what is kept with the state. */
  get cursors(): ReadonlyMap<Topic, Seq> {
    return new Map([...this.topics.cursors].filter(([topic]) => heldAt(this.#state, topic) !== notHeld))
  }

  /** The last seq received of a room's log; `undefined` where it is not served here. */
  cursorOf(room: RoomId): Seq | undefined {
    return this.topics.cursors.get(roomTopic(room))
  }

  /** Whether all of a topic is received that stood in its log when the connection came up, as far as anything is served of it. */
  isCurrent(topic: Topic): boolean {
    const head = this.#heads.get(topic)
    return head === undefined || (this.topics.cursors.get(topic) ?? -1) >= head
  }

  welcomed(frame: Extract<ServerFrame, { t: 'welcome' }>): void {
    this.#epoch = frame.epoch
    this.#heads = new Map(Object.entries(frame.heads) as [Topic, Seq][])
    for (const [topic, head] of Object.entries(frame.heads))
      if (head === 0) this.topics.read(topic as Topic, 0)
  }

  events(frame: Extract<ServerFrame, { t: 'events' }>): void {
    const batch = this.topics.accept(frame)
    if (batch === 'gap') this.#context.gap()
    if (batch === 'gap' || batch === null) return
    this.reads.received(batch)
    this.#become(fold(this.#state, batch))
    this.#context.received(batch)
    this.#wantAfter(batch)
  }

  reset(frame: Extract<ServerFrame, { t: 'reset' }>): void {
    const { topic, head, why } = frame
    const known = this.#epoch === this.#state.epoch && (why === 'new' || why === 'behind')
    this.topics.restart(topic, head)
    this.reads.restarted(topic, known ? head : Number.POSITIVE_INFINITY)
    if (!known || heldAt(this.#state, topic) < head) {
      this.#become(unheld(this.#state, topic))
      this.#want(topic)
    }
    this.#context.restarted(topic, head, known)
  }

  gone(topic: Topic): void {
    this.topics.gone(topic)
    this.reads.restarted(topic, Number.POSITIVE_INFINITY)
    this.#wanted.delete(topic)
    if (topic.startsWith('room:')) this.#become(withoutRoom(this.#state, roomOf(topic)))
    this.#context.gone(topic)
  }

  bootstrap(call: () => Promise<CallResult<Output<'bootstrap.get'>>>): Promise<CallResult<void>> {
    return this.reads.ask(
      call,
      boot => Object.entries(boot.cursors) as [Topic, Seq][],
      (boot, meanwhile) => this.#takeEverything(boot, meanwhile),
    )
  }

  /** A snapshot of everything takes the place of everything; what was received since is folded over it. */
  #takeEverything(boot: Output<'bootstrap.get'>, { later }: Meanwhile): void {
    this.#epoch ??= boot.epoch
    const cursors = Object.entries(boot.cursors) as [Topic, Seq][]
    const begun = cursors.filter(([topic, at]) => this.topics.read(topic, at))
    for (const [topic] of cursors) this.#wanted.delete(topic)
    this.#become(later.reduce(fold, stateOf(boot)))
    for (const [topic, at] of begun) this.#context.restarted(topic, at, true)
    for (const batch of later) this.#wantAfter(batch)
  }

  /** The room is not there for oneself. */
  roomRefused(room: RoomId): void {
    this.#wanted.delete(roomTopic(room))
    this.#become(withoutRoom(this.#state, room))
  }

  /** Reads one room, `of` where it is known which, again while its answer crosses what is received. */
  async readRoom(call: () => Promise<CallResult<RoomAnswer>>, of?: Topic): Promise<CallResult<RoomAnswer>> {
    for (let n = 0; n < 5; n++) {
      const read = await this.reads.ask(
        call,
        ok => [[roomTopic(ok.room.id), ok.seq]],
        (ok, meanwhile) => (this.#takeRoom(ok, meanwhile) ? ok : null),
        of,
      )
      if (!('ok' in read)) return read
      if (read.ok) return { ok: read.ok }
    }
    return { unreachable: true }
  }

  /**
   * A snapshot of one room. False where it has to be read again: one's marker moved, or one went out or came in while it was on its
   * way, and from the room's seq alone nobody can tell whether the answer knows.
   */
  #takeRoom({ room, membership, unread, seq }: RoomAnswer, { later, all }: Meanwhile): boolean {
    const topic = roomTopic(room.id)
    if (all.some(batch => this.#crosses(batch, room.id, membership))) return false
    this.#wanted.delete(topic)
    if (!membership) {
      this.#become(withoutRoom(this.#state, room.id))
      return true
    }
    const begins = this.topics.read(topic, seq)
    const state = withRoom(this.#state, mineOf({ room, membership, unread, seq }))
    this.#become(later.reduce(fold, state))
    // The server may never say so: after a cut the hello names the topic as known.
    if (begins) this.#context.restarted(topic, seq, true)
    for (const batch of later) this.#wantAfter(batch)
    return true
  }

  #crosses({ topic, events }: EventBatch, room: RoomId, membership: Membership | null): boolean {
    if (topic !== userTopic(this.#state.me)) return false
    return events.some(
      event => 'room' in event && event.room === room && (event.e !== 'room.added' || membership === null),
    )
  }

  /** What is to be read after these events: rooms one came into, and counts of unread messages that cannot be known from here. */
  #wantAfter({ topic, events }: EventBatch): void {
    if (topic === userTopic(this.#state.me)) {
      for (const event of events) {
        if (event.e === 'room.added' && !this.#state.mine.has(event.room)) this.#want(roomTopic(event.room))
        if (event.e === 'room.removed') this.#wanted.delete(roomTopic(event.room))
        if (event.e === 'read.moved') this.#wantIfUnsure(event.room)
      }
    } else if (topic !== 'workspace') this.#wantIfUnsure(roomOf(topic))
  }

  #wantIfUnsure(room: RoomId): void {
    if (this.#state.mine.get(room)?.unread.sure === false) this.#want(roomTopic(room))
  }

  #want(topic: Topic): void {
    this.#wanted.add(topic)
    this.#context.wants()
  }

  #become(state: State): void {
    if (state === this.#state) return
    this.#state = state
    this.#context.stateChanged()
  }
}
