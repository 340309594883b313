import type { UserId } from '../../contract/ids.ts'
import { protocolVersion } from '../../contract/protocol.ts'
import { Cache } from './cache.ts'
import { callsThrough } from './calls.ts'
import { Conversations } from './conversations.ts'
import type { DraftNotice } from './drafts.ts'
import { Drafts } from './drafts.ts'
import type { Heard } from './fold.ts'
import { Markers } from './markers.ts'
import type { OutboxListener, OutboxWord } from './outbox.ts'
import { Outbox } from './outbox.ts'
import type { Ports, Tabs } from './ports.ts'
import { Positions } from './positions.ts'
import type { ReconnectingSocketListener } from './reconnecting-socket.ts'
import { ReconnectingSocket } from './reconnecting-socket.ts'
import type { ReplicaListener } from './replica.ts'
import { Replica } from './replica.ts'
import { roomContextOf } from './room-context.ts'
import { Signals } from './signals.ts'
import type { CallOperation } from './snapshots.ts'
import { Snapshots } from './snapshots.ts'
import type { TopicFrame } from './socket-connection.ts'
import { roomOf } from './state.ts'
import type { SavedState, Storage } from './storage.ts'

/** What the tabs of one person tell one another. */
type Word = { is: 'signed out' } | ({ is: 'outbox' } & OutboxWord) | ({ is: 'draft' } & DraftNotice)

/** What a client is made from. */
export interface Given {
  readonly ports: Ports
  readonly storage: Storage
  readonly saved: SavedState
}

/** What the parts together tell the client. */
export interface PartsListener {
  /** Something that a snapshot shows is another thing. */
  changed(): void
  /** The server does not know this session any more. */
  signedOut(): void
  /** Another tab signed out. */
  signedOutElsewhere(): void
}

/** The parts of a client, each of which knows its own matter only. What one tells is handed to the others here. */
export class Parts {
  readonly me: UserId
  readonly ports: Ports
  readonly storage: Storage
  readonly call: CallOperation
  readonly replica: Replica
  readonly line: ReconnectingSocket
  readonly snapshots: Snapshots
  readonly conversations: Conversations
  readonly outbox: Outbox
  readonly drafts: Drafts
  readonly markers: Markers
  readonly positions: Positions
  readonly signals: Signals
  readonly cache: Cache
  readonly tabs: Tabs<Word>
  readonly #listener: PartsListener

  constructor({ ports, storage, saved }: Given, listener: PartsListener) {
    const { clock } = ports
    this.#listener = listener
    this.me = saved.state.me
    this.ports = ports
    this.storage = storage
    this.replica = new Replica(saved, this.#replicaListener())
    this.line = new ReconnectingSocket(ports, this.#lineListener())
    this.call = callsThrough(this.line, ports.http, () => listener.signedOut())
    this.snapshots = new Snapshots(this)
    this.positions = new Positions(ports.tabStorage, `confab-positions-${this.me}`)
    this.conversations = new Conversations(room => roomContextOf(room, this))
    this.signals = new Signals(clock, {
      typing: room => this.conversations.redraw(room),
      presence: () => listener.changed(),
      send: frame => this.line.send(frame),
    })
    this.tabs = ports.openTabs<Word>(`confab-${this.me}`, word => this.#heardTab(word))
    this.drafts = new Drafts(this, {
      changed: () => listener.changed(),
      notify: notice => this.tabs.tell({ is: 'draft', ...notice }),
    })
    this.outbox = new Outbox(this, this.#outboxListener())
    this.markers = new Markers(this.call, ports, () => listener.changed())
    this.cache = new Cache(this)
  }

  /** From what is kept, or else from a first reading, to a line that goes on from there. */
  async start(): Promise<void> {
    await Promise.all([this.drafts.load(), this.outbox.load(), this.snapshots.read()])
    this.line.connect()
  }

  /** Resolves when nothing is under way any more, and nothing is stored. */
  async stop(): Promise<void> {
    this.line.stop()
    this.snapshots.stop()
    this.markers.stop()
    this.signals.cut()
    await this.drafts.stop()
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
      heard: heard => this.#heard(heard),
      restarted: (topic, head, known) => this.conversations.restarted(topic, head, known),
      gone: topic => this.conversations.gone(topic),
      wants: () => void this.snapshots.read(),
      gap: () => this.line.cut('events are missing'),
    }
  }

  #heard(heard: Heard): void {
    this.conversations.heard(heard)
    for (const event of heard.events) {
      if (event.e !== 'message.posted') continue
      this.signals.spoke(roomOf(heard.topic), event.by)
      if (event.by !== this.me) continue
      this.outbox.arrived(event.id)
      this.drafts.posted(roomOf(heard.topic), event)
    }
  }

  #lineListener(): ReconnectingSocketListener {
    return {
      hello: () => this.#hello(),
      welcomed: frame => {
        this.replica.welcomed(frame)
        this.#online()
      },
      topic: frame => this.#topic(frame),
      signal: frame => this.signals.heard(frame),
      changed: () => {
        if (!this.line.isOnline) this.signals.cut()
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

  /** The line is there: what waited for it goes on. */
  #online(): void {
    void this.snapshots.read()
    this.conversations.online()
    this.outbox.send()
    void this.markers.flush()
    this.signals.ask()
  }

  #topic(frame: TopicFrame): void {
    if (frame.t === 'events') this.replica.events(frame)
    else if (frame.t === 'reset') this.replica.reset(frame)
    else this.replica.gone(frame.topic)
  }

  #outboxListener(): OutboxListener {
    return {
      isOnline: () => this.line.isOnline,
      changed: room => {
        for (const { draft } of this.outbox.rowsOf(room, 0)) this.drafts.posted(room, draft)
        this.conversations.redraw(room)
        this.#listener.changed()
      },
      tell: word => this.tabs.tell({ is: 'outbox', ...word }),
    }
  }

  #heardTab(word: Word): void {
    if (word.is === 'outbox') void this.outbox.heard(word)
    else if (word.is === 'draft') void this.drafts.heard(word)
    else this.#listener.signedOutElsewhere()
  }
}
