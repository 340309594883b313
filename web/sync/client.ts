import { protocolVersion } from '../../contract/frames.ts'
import type { MessageId, RoomId, Seq, Topic, UserId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import type { Input, OperationName, Output } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import { Cache } from './cache.ts'
import type { TopicFrame } from './connection.ts'
import type { Around } from './conversation.ts'
import { Conversations } from './conversations.ts'
import { callHttp } from './door.ts'
import type { Heard } from './fold.ts'
import { Line } from './line.ts'
import { Markers } from './markers.ts'
import type { Answer, Client, OpenRoom, Snapshot, Unsent } from './model.ts'
import { openRoom } from './open-room.ts'
import type { OutboxWord } from './outbox.ts'
import { Outbox } from './outbox.ts'
import type { Cancel, Ports, Tabs } from './ports.ts'
import type { RoomAnswer } from './replica.ts'
import { Replica } from './replica.ts'
import { Signals } from './signals.ts'
import { Snapshots } from './snapshots.ts'
import type { SavedState, Storage } from './storage.ts'
import { unreadOf } from './unread.ts'
import { snapshotOf } from './view.ts'

/** What the tabs of one person tell one another. */
type Word = { is: 'signed out' } | ({ is: 'outbox' } & OutboxWord)
type Why = 'signed_out' | 'session_ended'

export interface ClientParts {
  readonly ports: Ports
  readonly storage: Storage
  readonly saved: SavedState
  /** Whether the storage outlives the page; it may cease to while the client runs. */
  readonly kept: () => boolean
}

/** Puts the parts together, and hands each what it tells to the others. It decides nothing but that. */
export class LiveClient implements Client {
  readonly ready: Promise<void>
  readonly #user: UserId
  readonly #ports: Ports
  readonly #storage: Storage
  readonly #kept: () => boolean
  readonly #replica: Replica
  readonly #line: Line
  readonly #snapshots: Snapshots
  readonly #conversations: Conversations
  readonly #outbox: Outbox
  readonly #markers: Markers
  readonly #signals: Signals
  readonly #cache: Cache
  readonly #tabs: Tabs<Word>
  readonly #sleep: Cancel
  readonly #listeners = new Set<() => void>()
  readonly #endListeners = new Set<(why: Why) => void>()
  #snapshot: Snapshot | null = null
  /** The one before, for the parts that did not change since. */
  #last: Snapshot | null = null
  #isReady: () => void = () => {}
  #ended: Why | null = null
  #ending: Promise<void> = Promise.resolve()
  #isSigningOut = false
  /** The server closed the line for want of a session. */
  #isUnknown = false

  constructor({ ports, storage, saved, kept }: ClientParts) {
    const call: LiveClient['call'] = (op, input) => this.#call(op, input)
    const { clock } = ports
    this.#user = saved.state.me
    this.#ports = ports
    this.#storage = storage
    this.#kept = kept
    this.ready = new Promise(resolve => {
      this.#isReady = resolve
    })
    this.#replica = new Replica(saved, this.#replicaEars())
    this.#line = new Line(ports, this.#lineEars())
    this.#snapshots = new Snapshots({ replica: this.#replica, call, clock, random: () => ports.random() })
    this.#conversations = new Conversations(room => this.#around(room))
    this.#signals = new Signals(clock, {
      typing: room => this.#conversations.redraw(room),
      presence: () => this.#changed(),
      send: frame => this.#line.send(frame),
    })
    this.#tabs = ports.openTabs<Word>(`confab-${this.#user}`, word => this.#heardTab(word))
    this.#outbox = new Outbox({ user: this.#user, storage, ports, call, ears: this.#outboxEars() })
    this.#markers = new Markers(call, clock)
    this.#cache = new Cache({
      user: this.#user,
      storage,
      clock,
      replica: this.#replica,
      conversations: this.#conversations,
    })
    this.#sleep = ports.onWake(() => this.#line.connect())
    void this.#start()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  snapshot(): Snapshot {
    return this.#snapshot ?? this.#look()
  }

  async call<Name extends OperationName>(op: Name, input: Input<Name>): Promise<Answer<Output<Name>>> {
    if (op !== 'rooms.create' && op !== 'rooms.join' && op !== 'direct.open') return this.#call(op, input)
    // The caller goes there next: the room is known here before it hears the answer.
    const answer = await this.#replica.readRoom(() => this.#call(op, input) as Promise<Answer<RoomAnswer>>)
    return answer as Answer<Output<Name>>
  }

  setAvatar(picture: Blob, progress: (share: number) => void): Promise<Answer<Output<'me.setAvatar'>>> {
    return this.#ports.sendAvatar(picture, progress)
  }

  open(room: RoomId, at?: MessageId): OpenRoom {
    const conversation = this.#conversations.enter(room, at)
    const hands = {
      me: this.#user,
      call: <Name extends OperationName>(op: Name, input: Input<Name>) => this.#call(op, input),
      clock: this.#ports.clock,
      outbox: this.#outbox,
      markers: this.#markers,
      signals: this.#signals,
      storage: this.#storage,
    }
    const marker = () => this.#replica.state.mine.get(room)?.membership.read ?? null
    return openRoom(conversation, hands, marker, () => this.#conversations.leave(conversation))
  }

  watch(users: readonly UserId[]): void {
    this.#signals.watch(users)
  }

  onEnd(listener: (why: Why) => void): () => void {
    const ended = this.#ended
    if (ended) queueMicrotask(() => listener(ended))
    else this.#endListeners.add(listener)
    return () => this.#endListeners.delete(listener)
  }

  async unsent(): Promise<readonly Unsent[]> {
    return this.#outbox.rows.map(row => row.draft)
  }

  async signOut(): Promise<Answer<Record<string, never>>> {
    this.#isSigningOut = true
    const answer = await callHttp('account.signOut', {}, this.#ports.door)
    this.#isSigningOut = false
    const isOut = 'ok' in answer || ('error' in answer && answer.error.code === 'signed_out')
    if (isOut || this.#isUnknown) {
      this.#tabs.tell({ is: 'signed out' })
      await this.#end('signed_out')
      return { ok: {} }
    }
    return answer
  }

  reconnect(): void {
    this.#line.connect()
  }

  /** How far each log was heard, of those that are held: where trials see that nothing is on its way. */
  get cursors(): ReadonlyMap<Topic, Seq> {
    return this.#replica.cursors
  }

  /** Breaks the line as a bad network does. */
  cut(): void {
    this.#line.cut('the line was cut on purpose')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return this.#ending
    await this.#cache.save()
    await this.#stop()
    this.#storage.close()
  }

  async #start(): Promise<void> {
    if (this.#replica.state.epoch !== null) this.#isReady()
    await Promise.all([this.#outbox.load(), this.#snapshots.read()])
    this.#line.connect()
  }

  async #call<Name extends OperationName>(op: Name, input: Input<Name>): Promise<Answer<Output<Name>>> {
    let answer: Answer<unknown> = { unreachable: true }
    const isRead = operations[op].method === 'GET'
    const bySocket = operations[op].door === 'both' && this.#line.isOnline
    if (bySocket) answer = await this.#line.call(op, input)
    if (!bySocket || (isRead && 'unreachable' in answer && !this.#ended))
      answer = await callHttp(op, input, this.#ports.door)
    if ('error' in answer && answer.error.code === 'signed_out') this.#sessionEnded()
    return answer as Answer<Output<Name>>
  }

  #sessionEnded(): void {
    this.#isUnknown = true
    // One's own signing out closes the line before it is answered.
    if (!this.#isSigningOut) void this.#end('session_ended')
  }

  #end(why: Why): Promise<void> {
    if (this.#ended === null) {
      this.#ended = why
      this.#ending = this.#stop().then(() => this.#wipe(why === 'signed_out'))
      this.#isReady()
      for (const listener of this.#endListeners) listener(why)
    }
    return this.#ending
  }

  async #wipe(unsent: boolean): Promise<void> {
    await this.#storage.wipe(this.#user, unsent)
    await this.#storage.setLastUser(null)
    this.#storage.close()
  }

  async #stop(): Promise<void> {
    this.#sleep()
    this.#line.stop()
    this.#snapshots.stop()
    this.#markers.stop()
    this.#signals.cut()
    this.#tabs.close()
    await this.#outbox.stop()
    await this.#cache.stop()
  }

  #hello(): string {
    const { state, cursors } = this.#replica
    return JSON.stringify({
      t: 'hello',
      v: protocolVersion,
      ...(state.epoch === null ? {} : { epoch: state.epoch }),
      cursors: Object.fromEntries(cursors),
    })
  }

  #lineEars(): ConstructorParameters<typeof Line>[1] {
    return {
      hello: () => this.#hello(),
      welcomed: frame => {
        this.#replica.welcomed(frame)
        this.#online()
      },
      topic: frame => this.#topic(frame),
      signal: frame => this.#signals.heard(frame),
      changed: () => {
        if (!this.#line.isOnline) this.#signals.cut()
        this.#changed()
      },
      signedOut: () => this.#sessionEnded(),
    }
  }

  /** The line is there: what waited for it goes on. */
  #online(): void {
    void this.#snapshots.read()
    this.#conversations.online()
    this.#outbox.send()
    void this.#markers.flush()
    this.#signals.ask()
  }

  #topic(frame: TopicFrame): void {
    if (frame.t === 'events') this.#replica.events(frame)
    else if (frame.t === 'reset') this.#replica.reset(frame)
    else this.#replica.gone(frame.topic)
  }

  #replicaEars(): ConstructorParameters<typeof Replica>[1] {
    return {
      changed: () => {
        if (this.#replica.state.epoch !== null) this.#isReady()
        this.#cache.changed()
        this.#changed()
      },
      heard: heard => this.#heard(heard),
      restarted: (topic, head, known) => this.#conversations.restarted(topic, head, known),
      gone: topic => this.#conversations.gone(topic),
      wants: () => void this.#snapshots.read(),
      gap: () => this.#line.cut('events are missing'),
    }
  }

  #heard(heard: Heard): void {
    this.#conversations.heard(heard)
    for (const event of heard.events) {
      if (event.e !== 'message.posted') continue
      this.#signals.spoke(heard.topic.slice('room:'.length) as RoomId, event.by)
      if (event.by === this.#user) this.#outbox.arrived(event.id)
    }
  }

  #outboxEars(): ConstructorParameters<typeof Outbox>[0]['ears'] {
    return {
      isOnline: () => this.#line.isOnline,
      changed: room => {
        this.#conversations.redraw(room)
        this.#changed()
      },
      tell: word => this.#tabs.tell({ is: 'outbox', ...word }),
    }
  }

  #around(room: RoomId): Around {
    const topic: Topic = roomTopic(room)
    const mine = () => this.#replica.state.mine.get(room)
    return {
      call: (op, input) => this.#call(op, input),
      reads: this.#replica.reads,
      cursor: () => this.#replica.topics.cursors.get(topic),
      marker: () => {
        const known = mine()
        return known ? { read: known.membership.read, unread: unreadOf(known.unread) } : null
      },
      isListed: () => this.#replica.state.people.listed.has(room),
      unsent: known => this.#outbox.rowsOf(room, known),
      typing: () => this.#signals.typingIn(room),
      cached: async () => {
        const saved = await this.#storage.run(this.#user, room)
        return saved?.epoch === this.#replica.state.epoch ? saved.run : null
      },
      forgetCached: () => void this.#storage.dropRun(this.#user, room),
      changed: () => this.#cache.changed(),
      arrived: id => this.#outbox.arrived(id),
      after: (ms, then) => this.#ports.clock.after(ms, then),
      random: () => this.#ports.random(),
    }
  }

  #heardTab(word: Word): void {
    if (word.is === 'outbox') void this.#outbox.heard(word)
    else void this.#end('signed_out')
  }

  #changed(): void {
    this.#snapshot = null
    for (const listener of this.#listeners) listener()
  }

  #look(): Snapshot {
    const seen = {
      state: this.#replica.state,
      line: this.#line.state,
      online: this.#signals.online,
      unsent: this.#outbox.rows.length,
      kept: this.#kept(),
    }
    this.#last = this.#snapshot = snapshotOf(seen, this.#last)
    return this.#snapshot
  }
}
