import type { UserId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import { protocolVersion } from '../../contract/protocol.ts'
import type { DraftNotice } from './outbox/drafts.ts'
import { Drafts } from './outbox/drafts.ts'
import type { OutboxListener, OutboxNotice } from './outbox/outbox.ts'
import { Outbox } from './outbox/outbox.ts'
import { isOf } from './outbox/queued.ts'
import type { Ports, Tabs } from './ports.ts'
import { Cache } from './replica/cache.ts'
import type { EventBatch } from './replica/effects.ts'
import { factsOf, messageEffects } from './replica/effects.ts'
import type { ReplicaListener } from './replica/replica.ts'
import { Replica } from './replica/replica.ts'
import type { CallOperation } from './replica/snapshots.ts'
import { Snapshots } from './replica/snapshots.ts'
import { Conversations } from './room/conversations.ts'
import { Markers } from './room/markers.ts'
import { Positions } from './room/positions.ts'
import { roomContextOf } from './room/room-context.ts'
import { Signals } from './signals.ts'
import type { SavedState, Storage } from './storage/storage.ts'
import { callsThrough } from './transport/calls.ts'
import type { ReconnectingSocketListener } from './transport/reconnecting-socket.ts'
import { ReconnectingSocket } from './transport/reconnecting-socket.ts'
import type { TopicFrame } from './transport/socket-connection.ts'

/** What the tabs of one person send one another. */
type TabNotice = { is: 'signed out' } | ({ is: 'outbox' } & OutboxNotice) | ({ is: 'draft' } & DraftNotice)

/** What a client is made from. */
export interface Given {
  readonly ports: Ports
  readonly storage: Storage
  readonly saved: SavedState
}

/** What the parts together report to the client. */
interface SyncContextListener {
  /** Something that a snapshot shows is another thing. */
  changed(): void
  /** The server does not know this session any more. */
  signedOut(): void
  /** Another tab signed out. */
  signedOutElsewhere(): void
}

/** The parts of a client, each of which knows its own matter only. What one reports is handed to the others here. */
export class SyncContext {
  readonly me: UserId
  readonly ports: Ports
  readonly storage: Storage
  readonly call: CallOperation
  readonly replica: Replica
  readonly socket: ReconnectingSocket
  readonly snapshots: Snapshots
  readonly conversations: Conversations
  readonly outbox: Outbox
  readonly drafts: Drafts
  readonly markers: Markers
  readonly positions: Positions
  readonly signals: Signals
  readonly cache: Cache
  readonly tabs: Tabs<TabNotice>
  readonly #listener: SyncContextListener

  constructor({ ports, storage, saved }: Given, listener: SyncContextListener) {
    const { clock } = ports
    this.#listener = listener
    this.me = saved.state.me
    this.ports = ports
    this.storage = storage
    this.replica = new Replica(saved, this.#replicaListener())
    this.socket = new ReconnectingSocket(ports, this.#socketListener())
    this.call = callsThrough(this.socket, ports.http, () => listener.signedOut())
    this.snapshots = new Snapshots(this)
    this.positions = new Positions(ports.tabStorage, `confab-positions-${this.me}`)
    this.conversations = new Conversations(room => roomContextOf(room, this))
    this.signals = new Signals(clock, {
      typing: room => this.conversations.redraw(room),
      presence: () => listener.changed(),
      send: frame => this.socket.send(frame),
    })
    this.tabs = ports.openTabs<TabNotice>(`confab-${this.me}`, notice => this.#receivedFromTab(notice))
    this.drafts = new Drafts(this, {
      changed: () => listener.changed(),
      notify: notice => this.tabs.emit({ is: 'draft', ...notice }),
    })
    this.outbox = new Outbox(this, this.#outboxListener())
    this.markers = new Markers(ports, this.outbox, () => listener.changed())
    this.cache = new Cache(this)
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
    this.tabs.close()
    await this.outbox.stop()
    await this.cache.stop()
  }

  #replicaListener(): ReplicaListener {
    return {
      changed: () => {
        this.cache.changed()
        this.#listener.changed()
      },
      received: batch => this.#received(batch),
      restarted: (topic, head, known) => this.conversations.restarted(topic, head, known),
      gone: topic => this.conversations.gone(topic),
      wants: () => void this.snapshots.read(),
      gap: () => this.socket.cut('events are missing'),
    }
  }

  #received(batch: EventBatch): void {
    const facts = factsOf(batch)
    this.conversations.received(batch)
    for (const fact of facts) {
      if (fact.is !== 'read') continue
      this.markers.moved(fact.room, fact.seq)
      this.conversations.redraw(fact.room)
    }
    for (const effect of messageEffects(batch)) {
      if (effect?.is !== 'posted') continue
      const { room, author } = effect.message
      this.signals.spoke(room, author)
      if (author === this.me) this.drafts.posted(room, effect.message)
    }
    this.outbox.confirm(facts)
  }

  #socketListener(): ReconnectingSocketListener {
    return {
      hello: () => this.#hello(),
      welcomed: frame => {
        // Another person has signed in where this one was: nothing of theirs is sent as the other's.
        if (frame.me !== this.me) return this.#listener.signedOut()
        this.replica.welcomed(frame)
        this.#online()
      },
      topic: frame => this.#topic(frame),
      signal: frame => this.signals.received(frame),
      changed: () => {
        if (!this.socket.isOnline) this.signals.cut()
        this.#listener.changed()
      },
      signedOut: () => this.#listener.signedOut(),
    }
  }

  #hello(): string {
    const { state, cursors } = this.replica
    return JSON.stringify({
      t: 'hello',
      v: protocolVersion,
      ...(state.epoch === null ? {} : { epoch: state.epoch }),
      cursors: Object.fromEntries(cursors),
    })
  }

  /** The connection is there: what waited for it goes on. */
  #online(): void {
    void this.snapshots.read()
    this.conversations.online()
    this.outbox.send()
    this.signals.ask()
  }

  #topic(frame: TopicFrame): void {
    if (frame.t === 'events') this.replica.events(frame)
    else if (frame.t === 'reset') this.replica.reset(frame)
    else this.replica.gone(frame.topic)
  }

  #outboxListener(): OutboxListener {
    return {
      isOnline: () => this.socket.isOnline,
      changed: room => {
        for (const row of this.outbox.rowsOf(room, 0))
          if (isOf(row, 'messages.post')) this.drafts.posted(room, row.input)
        this.conversations.redraw(room)
        this.#listener.changed()
      },
      loaded: row => this.markers.loaded(row),
      isReceived: (room, seq) => (this.replica.topics.cursors.get(roomTopic(room)) ?? 0) >= seq,
      settled: row => this.markers.settled(row),
      notify: notice => this.tabs.emit({ is: 'outbox', ...notice }),
    }
  }

  #receivedFromTab(notice: TabNotice): void {
    if (notice.is === 'outbox') void this.outbox.received(notice)
    else if (notice.is === 'draft') void this.drafts.received(notice)
    else this.#listener.signedOutElsewhere()
  }
}
