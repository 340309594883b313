import type { RoomId, Seq, Topic, UserId } from '../../contract/ids.ts'
import { protocolVersion } from '../../contract/protocol.ts'
import { Drafts } from './outbox/drafts.ts'
import { Outbox } from './outbox/outbox.ts'
import type { OutboxRow } from './outbox/queued.ts'
import { isOf } from './outbox/queued.ts'
import type { Ports, Tabs } from './ports.ts'
import { Cache } from './replica/cache.ts'
import type { EventBatch } from './replica/effects.ts'
import { factsOf, messageEffects } from './replica/effects.ts'
import { Replica } from './replica/replica.ts'
import { Snapshots } from './replica/snapshots.ts'
import { Conversations } from './room/conversations.ts'
import { Markers } from './room/markers.ts'
import { Positions } from './room/positions.ts'
import { Signals } from './signals.ts'
import type { SavedState, Storage } from './storage/storage.ts'
import type { SyncContext, TabNotice } from './sync-context.ts'
import type { CallOperation } from './transport/calls.ts'
import { callsThrough } from './transport/calls.ts'
import { ReconnectingSocket } from './transport/reconnecting-socket.ts'
import type { PushedFrame } from './transport/socket-connection.ts'

/** What a client is made from. */
export interface Given {
  readonly ports: Ports
  readonly storage: Storage
  readonly saved: SavedState
}

/** What the parts together report to the client. */
interface LiveContextListener {
  /** Something that a snapshot shows is another thing. */
  changed(): void
  /** The server does not know this session any more. */
  signedOut(): void
  /** Another tab signed out. */
  signedOutElsewhere(): void
}

/** Makes the parts of one person's client, each of which knows its own matter only, and hands what one reports to the others. */
export class LiveContext implements SyncContext {
  readonly me: UserId
  readonly ports: Ports
  readonly storage: Storage
  readonly socket: ReconnectingSocket
  readonly call: CallOperation
  readonly replica: Replica
  readonly snapshots: Snapshots
  readonly signals: Signals
  readonly drafts: Drafts
  readonly outbox: Outbox
  readonly markers: Markers
  readonly positions: Positions
  readonly conversations: Conversations
  readonly cache: Cache
  readonly #tabs: Tabs<TabNotice>
  readonly #listener: LiveContextListener

  constructor({ ports, storage, saved }: Given, listener: LiveContextListener) {
    this.#listener = listener
    this.me = saved.state.me
    this.ports = ports
    this.storage = storage
    this.socket = new ReconnectingSocket(ports, this)
    this.call = callsThrough(this.socket, ports.http, () => this.signedOut())
    this.#tabs = ports.openTabs<TabNotice>(`confab-${this.me}`, notice => this.#receivedFromTab(notice))
    this.replica = new Replica(saved, this)
    this.snapshots = new Snapshots(this.replica, this)
    this.signals = new Signals(this)
    this.drafts = new Drafts(this)
    this.outbox = new Outbox(this)
    this.markers = new Markers(this)
    this.positions = new Positions(ports.tabStorage, `confab-positions-${this.me}`)
    this.conversations = new Conversations(this)
    this.cache = new Cache(this.conversations, this)
  }

  /** From what is kept, or else from a first reading, to a connection that goes on from there. */
  async start(): Promise<void> {
    await Promise.all([this.drafts.load(), this.outbox.load(), this.snapshots.read()])
    this.socket.connect()
  }

  /** Resolves when nothing is under way any more, and nothing is stored. */
  async stop(): Promise<void> {
    this.socket.stop()
    this.snapshots.stop()
    this.signals.cut()
    await Promise.all([this.markers.stop(), this.drafts.stop()])
    this.#tabs.close()
    await this.outbox.stop()
    await this.cache.stop()
  }

  changed(): void {
    this.#listener.changed()
  }

  roomChanged(room: RoomId): void {
    this.conversations.redraw(room)
  }

  notify(notice: TabNotice): void {
    this.#tabs.emit(notice)
  }

  signedOut(): void {
    this.#listener.signedOut()
  }

  hello(): string {
    const { state, cursors } = this.replica
    return JSON.stringify({
      t: 'hello',
      v: protocolVersion,
      ...(state.epoch === null ? {} : { epoch: state.epoch }),
      cursors: Object.fromEntries(cursors),
    })
  }

  frame(frame: PushedFrame): void {
    if (frame.t === 'events') this.replica.events(frame)
    else if (frame.t === 'reset') this.replica.reset(frame)
    else if (frame.t === 'gone') this.replica.gone(frame.topic)
    else if (frame.t === 'signal') this.signals.received(frame)
    // Another person has signed in where this one was: nothing of theirs is sent as the other's.
    else if (frame.me !== this.me) this.signedOut()
    else {
      this.replica.welcomed(frame)
      this.#online()
    }
  }

  connectionChanged(): void {
    if (!this.socket.isOnline) this.signals.cut()
    this.changed()
  }

  stateChanged(): void {
    this.cache.changed()
    this.changed()
  }

  received(batch: EventBatch): void {
    const facts = factsOf(batch)
    this.conversations.received(batch)
    for (const fact of facts) {
      if (fact.is !== 'read') continue
      this.markers.moved(fact.room, fact.seq)
      this.roomChanged(fact.room)
    }
    for (const effect of messageEffects(batch)) {
      if (effect?.is !== 'posted') continue
      const { room, author } = effect.message
      this.signals.spoke(room, author)
      if (author === this.me) this.drafts.posted(room, effect.message)
    }
    this.outbox.confirm(facts)
  }

  restarted(topic: Topic, head: Seq, known: boolean): void {
    this.conversations.restarted(topic, head, known)
  }

  gone(topic: Topic): void {
    this.conversations.gone(topic)
  }

  wants(): void {
    void this.snapshots.read()
  }

  gap(): void {
    this.socket.cut('events are missing')
  }

  rowLoaded(row: OutboxRow): void {
    this.markers.loaded(row)
  }

  rowsChanged(room: RoomId): void {
    for (const row of this.outbox.rowsOf(room, 0))
      if (isOf(row, 'messages.post')) this.drafts.posted(room, row.input)
    this.roomChanged(room)
    this.changed()
  }

  rowSettled(row: OutboxRow): void {
    this.markers.settled(row)
  }

  /** The connection is there: what waited for it goes on. */
  #online(): void {
    void this.snapshots.read()
    this.conversations.online()
    this.outbox.send()
    this.signals.ask()
  }

  #receivedFromTab(notice: TabNotice): void {
    if (notice.is === 'outbox') void this.outbox.received(notice)
    else if (notice.is === 'draft') void this.drafts.received(notice.room)
    else this.#listener.signedOutElsewhere()
  }
}
