import type { MessageId, RoomId, Seq, Topic, UserId } from '../../contract/ids.ts'
import type { Input, OperationName, Output } from '../../contract/operations.ts'
import type { Given } from './live-context.ts'
import { LiveContext } from './live-context.ts'
import type { CallResult, Client, OpenRoom, Snapshot } from './model.ts'
import type { Cancel } from './ports.ts'
import type { RoomAnswer } from './replica/replica.ts'
import { openRoom } from './room/open-room.ts'
import { callHttp } from './transport/http-client.ts'
import { View } from './view.ts'

type Why = 'signed_out' | 'session_ended'

/** The client of one person: their parts at work, from its making until it is disposed of or its session ends. */
export class LiveClient implements Client {
  readonly ready: Promise<void>
  readonly #context: LiveContext
  readonly #view: View
  readonly #sleep: Cancel
  readonly #endListeners = new Set<(why: Why) => void>()
  #isReady: () => void = () => {}
  #ended: Why | null = null
  #ending: Promise<void> = Promise.resolve()
  #isSigningOut = false
  /** The server closed the connection for want of a session. */
  #isUnknown = false

  /** `kept`: whether the storage outlives the page; it may cease to while the client runs. */
  constructor(given: Given, kept: () => boolean) {
    this.ready = new Promise(resolve => {
      this.#isReady = resolve
    })
    this.#context = new LiveContext(given, {
      changed: () => this.#changed(),
      signedOut: () => this.#sessionEnded(),
      signedOutElsewhere: () => void this.#end('signed_out'),
    })
    this.#view = new View(this.#context, kept)
    const { ports } = given
    const cancels = [
      ports.onWake(() => {
        this.#context.socket.look()
        void this.#context.drafts.load()
      }),
      ports.onHide(() => {
        this.#context.markers.hurry(this.#context.socket.isOnline)
        void this.#context.drafts.flush()
        this.#context.positions.save()
      }),
    ]
    this.#sleep = () => {
      for (const cancel of cancels) cancel()
    }
    this.#changed()
    void this.#context.start()
  }

  subscribe(listener: () => void): () => void {
    return this.#view.listeners.add(listener)
  }

  snapshot(): Snapshot {
    return this.#view.snapshot
  }

  async call<Name extends OperationName>(op: Name, input: Input<Name>): Promise<CallResult<Output<Name>>> {
    const { call, replica } = this.#context
    if (op !== 'rooms.create' && op !== 'rooms.join' && op !== 'direct.open') return call(op, input)
    // The caller goes there next: the room is known here before it gets the answer.
    const answer = await replica.readRoom(() => call(op, input) as Promise<CallResult<RoomAnswer>>)
    return answer as CallResult<Output<Name>>
  }

  open(room: RoomId, at?: MessageId): OpenRoom {
    const { conversations } = this.#context
    const conversation = conversations.enter(room, at)
    return openRoom(conversation, this.#context, () => conversations.leave(conversation))
  }

  watch(users: readonly UserId[]): void {
    this.#context.signals.watch(users)
  }

  onEnd(listener: (why: Why) => void): () => void {
    const ended = this.#ended
    if (ended) queueMicrotask(() => listener(ended))
    else this.#endListeners.add(listener)
    return () => this.#endListeners.delete(listener)
  }

  async signOut(): Promise<CallResult<Record<string, never>>> {
    this.#isSigningOut = true
    const answer = await callHttp('account.signOut', {}, this.#context.ports.http)
    this.#isSigningOut = false
    const isOut = 'ok' in answer || ('error' in answer && answer.error.code === 'signed_out')
    if (!isOut && !this.#isUnknown) return answer
    this.#context.notify({ is: 'signed out' })
    await this.#end('signed_out')
    return { ok: {} }
  }

  reconnect(): void {
    this.#context.socket.connect()
  }

  /** How far each log was received, of those that are held: where trials see that nothing is on its way. */
  get cursors(): ReadonlyMap<Topic, Seq> {
    return this.#context.replica.cursors
  }

  /** Breaks the connection as a bad network does. */
  cut(): void {
    this.#context.socket.cut('the connection was cut on purpose')
  }

  /** Ends it here, and keeps what is known for the next time. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return this.#ending
    this.#context.positions.save()
    await this.#context.cache.save()
    await this.#stop()
    this.#context.storage.close()
  }

  #changed(): void {
    if (this.#context.replica.state.epoch !== null) this.#isReady()
    this.#view.changed()
  }

  #sessionEnded(): void {
    this.#isUnknown = true
    // One's own signing out closes the connection before it is answered.
    if (!this.#isSigningOut) void this.#end('session_ended')
  }

  #end(why: Why): Promise<void> {
    if (this.#ended !== null) return this.#ending
    this.#ended = why
    this.#ending = this.#stop().then(() => this.#wipe(why === 'signed_out'))
    this.#isReady()
    for (const listener of this.#endListeners) listener(why)
    return this.#ending
  }

  async #wipe(unsent: boolean): Promise<void> {
    const { storage, me, positions } = this.#context
    positions.forget()
    await storage.wipe(me, unsent)
    await storage.setLastUser(null)
    storage.close()
  }

  #stop(): Promise<void> {
    this.#sleep()
    return this.#context.stop()
  }
}
