import type { Event, EventName } from '../../../contract/events.ts'
import { encodeEvents } from '../../../contract/frames.ts'
import type { Seq, Topic, UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { EventRun } from '../../core/log/live-log.ts'
import { textFrame } from './frames.ts'

/** A connection as a channel sees it: somebody who takes frames, and cuts itself off when it is too slow. */
export interface Listener {
  readonly user: UserId
  readonly isOpen: boolean
  /** Every channel that serves it, so that it can leave them all. */
  readonly channels: Set<Channel>
  write(frame: Buffer, events: number): void
  /** Resolves when its queue is short again; false when it is closed. */
  drained(): Promise<boolean>
  /** It must begin again: what it is owed cannot be had now. */
  lose(): void
  /** Something of what is on its way to it is not its person's any more: it reaches them in a moment or not at all (F4). */
  revoke(): void
}

/** What a channel asks of its hub. */
export interface Schedule {
  /** Flush at the end of this turn (`ms` 0), or in so many ms. */
  flushIn(channel: Channel, ms: number): void
  now(): number
  /** A person's own log told of a room that they came into or went out of. */
  turned(listener: Listener, event: Event): void
  /** Somebody who was dropped from a room is in it again, and their own log has not told of either. */
  returned(listener: Listener, channel: Channel): void
}

/**
 * One topic on this node: who hears it, and what they are about to hear. A room's membership is folded here from the room's own log, so
 * that seq s goes to those who are members as of s and to nobody else (F4), however late this node hears of it.
 *
 * Leading edge: an idle topic's event goes out at once; while a topic is busy its events join for an interval that grows with its
 * listeners, and are written to each of them as one frame.
 */
export class Channel {
  readonly topic: Topic
  readonly #schedule: Schedule
  readonly #live = new Set<Listener>()
  readonly #behind = new Map<Listener, CatchUp>()
  /** Those dropped with their removal, until their own log tells them of it, and whether they were sent `gone`. The own log may have told already, where it was heard first. */
  readonly #dropped = new Map<Listener, { readonly isNotified: boolean }>()
  /** Who went out at a seq that may not have been heard yet. */
  readonly #removed = new Map<UserId, Seq>()
  /** The room was deleted when its log was there. */
  #deletedAt: Seq = 0
  #members: Set<UserId> | null = null
  #head: Seq = 0
  #pending: string[] = []
  #pendingLength = 0
  #scheduled = false
  #flushedAt = Number.NEGATIVE_INFINITY
  /** When it last had a use, by the schedule's clock. */
  usedAt: number

  constructor(topic: Topic, schedule: Schedule) {
    this.topic = topic
    this.#schedule = schedule
    this.usedAt = schedule.now()
  }

  /** Where it begins: its head, and, for a room, the members as of that seq. */
  begin(head: Seq, members: readonly UserId[] | null): void {
    this.#head = head
    this.#members = members && new Set(members)
  }

  /** The last seq that was given to the listeners who are live. */
  get head(): Seq {
    return this.#head - this.#pending.length
  }

  get listeners(): number {
    return this.#live.size + this.#behind.size
  }

  /** How many members it has here; 0 where it is no room. */
  get members(): number {
    return this.#members?.size ?? 0
  }

  /** Whether this person may hear the topic now. */
  admits(user: UserId): boolean {
    return this.#members === null || this.#members.has(user)
  }

  isLive(listener: Listener): boolean {
    return this.#live.has(listener)
  }

  serves(listener: Listener): boolean {
    return this.#live.has(listener) || this.#behind.has(listener)
  }

  /** Whether this is how the listener is served now. */
  isReading(catchUp: CatchUp): boolean {
    return this.#behind.get(catchUp.listener) === catchUp
  }

  /** It is not this listener's any more. Whether `gone` is to be sent, since they have it and nobody told them yet. */
  takeFrom(listener: Listener): boolean {
    const isDue = this.#dropped.get(listener)?.isNotified === false || this.serves(listener)
    this.leave(listener)
    return isDue
  }

  /** Serves a listener who is to catch up first, from a cursor on. An earlier catch-up of theirs is over. */
  hold(listener: Listener, cursor: Seq): CatchUp {
    const catchUp = new CatchUp(this, listener, cursor)
    this.#dropped.delete(listener)
    this.#live.delete(listener)
    this.#behind.set(listener, catchUp)
    listener.channels.add(this)
    return catchUp
  }

  /** Serves a listener whose cursor is `head`: from the next event on, it hears all. A catch-up of theirs is over. */
  join(listener: Listener): void {
    this.#dropped.delete(listener)
    this.#behind.delete(listener)
    this.#live.add(listener)
    listener.channels.add(this)
  }

  leave(listener: Listener): void {
    this.#live.delete(listener)
    this.#behind.delete(listener)
    this.#dropped.delete(listener)
    listener.channels.delete(this)
    this.usedAt = this.#schedule.now()
  }

  receive(run: EventRun): void {
    for (const body of run.bodies) {
      this.#pending.push(body)
      this.#pendingLength += body.length
      this.#head++
      if (turns(body)) this.#turn(JSON.parse(body) as Event)
      // However much comes at once, a frame is no larger than a page of a catch-up.
      else if (this.#pendingLength >= limits.catchUpBytes) this.flush()
    }
    if (this.#pending.length > 0) this.#flushSoon()
  }

  /** Who hears the room here. */
  get subscribers(): ReadonlySet<UserId> {
    return new Set([...this.#live, ...this.#behind.keys()].map(({ user }) => user))
  }

  /**
   * Somebody, or everybody, went out of the room at `seq`, as the store has it, whether that was heard already or not: from now on they
   * hear nothing, however late events from before it come (F4). Answers the listeners that it was taken from, who are to be sent `gone`.
   */
  remove(who: UserId | 'everybody', seq: Seq): readonly Listener[] {
    if (who === 'everybody') return this.#head > seq ? [] : this.#delete(seq)
    if (this.#head >= seq) return []
    this.#removed.set(who, Math.max(seq, this.#removed.get(who) ?? 0))
    return this.#drop(who, { isNotified: true })
  }

  /** Gives the live listeners all that is pending, as one frame: at most `limits.catchUpBytes` characters and the event that went over it. */
  flush(): void {
    if (this.#pending.length === 0) return
    const bodies = this.#pending
    const first = this.head + 1
    this.#pending = []
    this.#pendingLength = 0
    this.#flushedAt = this.#schedule.now()
    if (this.#live.size === 0) return
    const frame = textFrame(encodeEvents(this.topic, first, bodies))
    for (const listener of this.#live) listener.write(frame, bodies.length)
  }

  /** An ephemeral frame for everybody who is live, but for one person's own connections. */
  signal(frame: Buffer, butFor: UserId): void {
    for (const listener of this.#live) if (listener.user !== butFor) listener.write(frame, 0)
  }

  /** Called by the schedule when the time asked for has come. */
  due(): void {
    this.#scheduled = false
    this.flush()
  }

  #flushSoon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const interval = Math.min(limits.coalesceMs, this.#live.size / 40)
    this.#schedule.flushIn(this, Math.max(0, this.#flushedAt + interval - this.#schedule.now()))
  }

  /** An event after which others hear: it is the last of its frame, and the next frame goes to the new set. */
  #turn(event: Event): void {
    this.flush()
    if (event.e === 'member.added') this.#add(event.user)
    else if (event.e === 'member.removed') this.#drop(event.user, { isNotified: false })
    else for (const listener of [...this.#live]) this.#schedule.turned(listener, event)
  }

  #add(user: UserId): void {
    if (this.#head < Math.max(this.#deletedAt, this.#removed.get(user) ?? 0)) return
    this.#removed.delete(user)
    this.#members?.add(user)
    for (const listener of [...this.#dropped.keys()])
      if (listener.user === user) this.#schedule.returned(listener, this)
  }

  #delete(seq: Seq): Listener[] {
    this.#members = new Set()
    this.#deletedAt = seq
    return [...this.subscribers].flatMap(user => this.#drop(user, { isNotified: true }))
  }

  #drop(user: UserId, notified: { readonly isNotified: boolean }): Listener[] {
    this.#members?.delete(user)
    const theirs = [...this.#live, ...this.#behind.keys()].filter(listener => listener.user === user)
    for (const listener of theirs) {
      this.leave(listener)
      // So that it leaves this too when it closes.
      listener.channels.add(this)
      this.#dropped.set(listener, notified)
      listener.revoke()
    }
    return theirs
  }
}

/**
 * One listener's way from a cursor to the head of a channel, page by page: the only way in which older events reach anybody. It is over
 * as soon as the topic is begun anew for the listener or taken from it, and then gives nothing, whatever was read for it before (F1).
 */
export class CatchUp {
  readonly channel: Channel
  readonly listener: Listener
  #cursor: Seq

  constructor(channel: Channel, listener: Listener, cursor: Seq) {
    this.channel = channel
    this.listener = listener
    this.#cursor = cursor
  }

  /** The last seq that the listener was given. */
  get cursor(): Seq {
    return this.#cursor
  }

  get isOver(): boolean {
    return !this.channel.isReading(this)
  }

  /**
   * Gives what follows the cursor, and answers what was given: nothing where it is over, and only up to the channel's head, since what
   * is beyond it may follow a removal that the channel has not folded.
   */
  give(bodies: readonly string[]): readonly string[] {
    const due = this.isOver ? [] : bodies.slice(0, this.channel.head - this.#cursor)
    if (due.length === 0) return due
    this.listener.write(textFrame(encodeEvents(this.channel.topic, this.#cursor + 1, due)), due.length)
    this.#cursor += due.length
    return due
  }
}

/** Events after which others hear a log: each is the last of its frame. */
const turning: readonly EventName[] = ['member.added', 'member.removed', 'room.added', 'room.removed']
const turningStarts = turning.map(name => `{"e":"${name}"`)

/** Whether an event is one of them, by the bytes alone, so that a message is not parsed to be passed on: `encodeEvent` writes `e` first. */
export const turns = (body: string): boolean => turningStarts.some(start => body.startsWith(start))
