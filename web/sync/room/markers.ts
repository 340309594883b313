import type { RoomId, Seq } from '../../../contract/ids.ts'
import type { OutboxRow } from '../outbox/queued.ts'
import { isOf } from '../outbox/queued.ts'
import type { Mine } from '../replica/state.ts'
import type { SyncContext } from '../sync-context.ts'
import { callHttp } from '../transport/http-client.ts'
import { many, unreadOf, withMarkerMoved } from './unread.ts'

/** Reading on moves one's marker at most this often, ms. */
const settleMs = 400

/**
 * One's marker on its way: from where the server had it (where that is known), to where one has read, past so many unread messages, where that
 * is known. `new`: not in the outbox yet; `answered`: the server has answered, but no event of it is received.
 */
interface Move {
  readonly from: Seq | null
  readonly to: Seq
  readonly count: number | null
  readonly is: 'new' | 'queued' | 'answered'
}

/** What one has read here, which the server may not have received yet. */
export interface ReadHere {
  /** How far one has read in a room where one's marker is known to be at `read`. */
  readonly seen: (room: RoomId, read: Seq) => Seq
  /** Past how many unread messages, where that is known. */
  readonly passed: (room: RoomId, read: Seq) => number | null
}

/** One's read markers, as they are here, and on their way to the outbox: forward only, the farthest of each room. */
export class Markers {
  readonly #context: SyncContext
  readonly #moves = new Map<RoomId, Move>()
  #settling: Promise<void> | null = null
  #settleNow: () => void = () => {}

  constructor(context: SyncContext) {
    this.#context = context
  }

  /** How far one has read in a room, and how much is unread; `null` where one is not in the room, or it is not known yet. */
  of(room: RoomId): { read: Seq; unread: number } | null {
    const mine = this.#context.replica.state.mine.get(room)
    if (!mine) return null
    return { read: this.seen(room, mine.membership.read), unread: unreadHere(mine, this, undefined) }
  }

  /** How far one has read in a room where one's marker is known to be at `read`. */
  seen(room: RoomId, read: Seq): Seq {
    const move = this.#moves.get(room)
    return move && underWay(move, read) ? Math.max(move.to, read) : read
  }

  /** Past how many unread messages one has read there, where that is known. */
  passed(room: RoomId, read: Seq): number | null {
    const move = this.#moves.get(room)
    return move?.from === read ? move.count : null
  }

  /** From `from`, where the marker is known to be, past so many unread messages. Resolves when it is stored for sending, a moment later. */
  move(room: RoomId, from: Seq, to: Seq, count: number | null): Promise<void> {
    if (to > this.seen(room, from)) {
      this.#moves.set(room, { from, to, count, is: 'new' })
      this.#context.changed()
    }
    if (this.#new.length === 0) return Promise.resolve()
    this.#settling ??= this.#settle()
    return this.#settling
  }

  /** Messages after `to` are unread. What was still to be sent of the room is not sent any more. */
  back(room: RoomId, to: Seq): Promise<void> {
    if (this.#moves.delete(room)) this.#context.changed()
    return this.#context.outbox.add({ operation: 'reads.back', room, input: { id: room, seq: to } })
  }

  /** An earlier page had moved it. */
  loaded(row: OutboxRow): void {
    if (!isOf(row, 'reads.move') || this.#moves.has(row.room)) return
    this.#moves.set(row.room, { from: null, count: null, ...row.passed, to: row.input.seq, is: 'queued' })
    this.#context.changed()
  }

  /** The marker is known to be at `read` now: so far one's own move has arrived, whoever sent it. */
  moved(room: RoomId, read: Seq): void {
    const move = this.#moves.get(room)
    if (move && move.is !== 'new' && move.to <= read) this.#moves.delete(room)
  }

  /** The server has answered this one. What is refused does not count as unread here because of that. */
  settled(row: OutboxRow): void {
    const move = this.#moves.get(row.room)
    if (isOf(row, 'reads.move') && move?.to === row.input.seq) this.#become(row.room, 'answered')
  }

  /** Sends at once what is new, or stores it: the page may be about to end. */
  hurry(isOnline: boolean): void {
    if (!isOnline) this.#settleNow()
    else
      for (const [room, move] of this.#new) {
        this.#become(room, 'answered')
        void this.#sendLasting(room, move)
      }
  }

  /** Resolves when what is new is stored. */
  async stop(): Promise<void> {
    this.#settleNow()
    await this.#settling
  }

  get #new(): [RoomId, Move][] {
    return [...this.#moves].filter(([, move]) => move.is === 'new')
  }

  async #settle(): Promise<void> {
    await new Promise<void>(resolve => {
      const cancel = this.#context.ports.clock.after(settleMs, resolve)
      this.#settleNow = () => {
        cancel()
        resolve()
      }
    })
    this.#settling = null
    await Promise.all(this.#new.map(([room, move]) => this.#queue(room, move)))
  }

  #queue(room: RoomId, { from, to, count }: Move): Promise<void> {
    this.#become(room, 'queued')
    return this.#context.outbox.add({
      operation: 'reads.move',
      room,
      input: { id: room, seq: to },
      ...(from !== null && { passed: { from, count } }),
    })
  }

  async #sendLasting(room: RoomId, move: Move): Promise<void> {
    const input = { id: room, seq: move.to }
    const answer = await callHttp('reads.move', input, { ...this.#context.ports.http, keepalive: true })
    const isUnderWay = this.#moves.get(room)?.to === move.to
    if (!('ok' in answer) && isUnderWay) await this.#queue(room, move).catch(() => {})
  }

  #become(room: RoomId, is: Move['is']): void {
    const move = this.#moves.get(room)
    if (move) this.#moves.set(room, { ...move, is })
  }
}

/** Until the server has it and the marker is known to have moved: to there, or by another device. */
const underWay = ({ from, is }: Move, read: Seq): boolean => is !== 'answered' || from === read

/**
 * What is read here counts as read at once, though the server learns of it a moment later. While a count is asked for anew, the one that
 * was `shown` last stands: nothing jumps back to what was read.
 */
export function unreadHere(
  { room, at, membership: { read }, unread }: Mine,
  of: ReadHere,
  shown: number | undefined,
): number {
  const count = withMarkerMoved(unread, read, of.seen(room.id, read), at)
  if (count.sure) return unreadOf(count)
  const passed = of.passed(room.id, read)
  if (passed !== null && unread.sure && unread.base < many) return Math.max(0, unreadOf(unread) - passed)
  return shown ?? unreadOf(count)
}
