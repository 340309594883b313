import * as z from 'zod/mini'
import type { CloseCode, ErrorCode } from './codes.ts'
import { seq } from './entities.ts'
import type { Event } from './events.ts'
import { epochId, roomId, topic, userId } from './id-schemas.ts'
import type { Epoch, RoomId, Seq, SessionId, TokenId, Topic, UserId } from './ids.ts'
import { limits } from './limits.ts'
import { protocolVersion } from './protocol.ts'

/** The first frame of a client. `v` is checked apart, so that a wrong version closes with its own code (P3). */
export const hello = z.strictObject({
  t: z.literal('hello'),
  v: z.literal(protocolVersion),
  epoch: z.optional(epochId),
  token: z.optional(z.string().check(z.maxLength(200))),
  cursors: z.record(topic, seq),
})

export const call = z.strictObject({
  t: z.literal('call'),
  ref: z.int().check(z.nonnegative()),
  op: z.string().check(z.maxLength(64)),
  input: z.unknown(),
})

export const clientSignal = z.strictObject({ t: z.literal('signal'), s: z.literal('typing'), room: roomId })
/** Replaces the earlier watch: whose presence this connection hears of. */
export const watch = z.strictObject({
  t: z.literal('watch'),
  users: z.array(userId).check(z.maxLength(limits.watchedUsers)),
})
export const ping = z.strictObject({ t: z.literal('ping') })

/** What a client may send after its hello. */
export const clientFrame = z.discriminatedUnion('t', [call, clientSignal, watch, ping])

export type Hello = z.infer<typeof hello>
export type CallFrame = z.infer<typeof call>
export type ClientFrame = z.infer<typeof clientFrame>

/** Why a topic is to be started anew. */
export type ResetWhy = 'new' | 'behind' | 'ahead' | 'epoch'

export type PresenceState = 'online' | 'offline'

/** Ephemeral, droppable, never stored (S1). */
export type Signal =
  | { s: 'typing'; room: RoomId; user: UserId }
  | { s: 'presence'; user: UserId; state: PresenceState }

export type WireError = { code: ErrorCode; message: string; field?: string; retryAfter?: number }

export type ServerFrame =
  | {
      t: 'welcome'
      epoch: Epoch
      me: UserId
      session: SessionId | TokenId
      node: string
      heads: Record<Topic, Seq>
    }
  | { t: 'events'; topic: Topic; seq: Seq; events: Event[] }
  | { t: 'reset'; topic: Topic; head: Seq; why: ResetWhy }
  | { t: 'gone'; topic: Topic }
  | { t: 'reply'; ref: number; ok: unknown }
  | { t: 'reply'; ref: number; error: WireError }
  | ({ t: 'error' } & WireError)
  | ({ t: 'signal' } & Signal)
  | { t: 'pong' }
  | { t: 'bye'; code: CloseCode; reason: string; after?: number }

/** An `events` frame over events that are encoded already: nothing is encoded twice. */
export const encodeEvents = (on: Topic, first: Seq, bodies: readonly string[]): string =>
  `{"t":"events","topic":"${on}","seq":${first},"events":[${bodies.join(',')}]}`

export const encodeFrame = (frame: ServerFrame): string => JSON.stringify(frame)
