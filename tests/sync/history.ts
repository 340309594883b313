import type { Message } from '../../contract/entities.ts'
import type { Input, Output } from '../../contract/operations.ts'
import { messagesOf } from './compare.ts'
import {
  bob,
  bootAt,
  general,
  refusal,
  ScriptedServer,
  said,
  scriptedDevice,
  TurnedClock,
} from './scripted.ts'

/** What the server answers about General, of 300 messages, where alice's marker is at `marker`. */
export const generalRead = (marker: number, unread: number): Output<'rooms.get'> => ({
  room: bootAt(1).rooms[0] as never,
  membership: { room: general, role: 'member', since: 0, read: marker, hidden: 0 },
  members: 2,
  unread,
  seq: 300,
})

/** A server with so many messages of bob's in General, of which alice has read as many as `read` says. */
export function world(count = 300, read = count) {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  const history: Message[] = Array.from({ length: count }, (_, n) => said(n + 1, bob, `message ${n + 1}`))
  const boot = bootAt(count, {
    memberships: [{ room: general, role: 'member', since: 0, read, hidden: 0 }],
    unread: { [general]: Math.min(100, count - read) },
  })
  server.handlers['bootstrap.get'] = () => ({ ok: boot })
  server.handlers['messages.list'] = input => {
    if (input.around !== undefined && !history.some(message => message.id === input.around))
      return refusal('not_found')
    return { ok: pageOf(history, input) }
  }
  server.handlers['reads.move'] = ({ seq }) => ({ ok: { read: Number(seq), unread: 0, seq: count } })
  return { server, clock, history, device: scriptedDevice(server, clock) }
}

export function pageOf(all: readonly Message[], input: Input<'messages.list'>): Output<'messages.list'> {
  const limit = Number(input.limit ?? 50)
  const aroundSeq = Number(input.aroundSeq ?? Number.POSITIVE_INFINITY)
  const around = all.findIndex(message => message.id === input.around || message.seq >= aroundSeq)
  const before = all.filter(message => message.seq < Number(input.before ?? Number.POSITIVE_INFINITY))
  let start = Math.max(0, before.length - limit)
  let end = before.length
  if (input.after !== undefined) {
    start = all.filter(message => message.seq <= Number(input.after)).length
    end = start + limit
  } else if (around >= 0) {
    start = Math.max(0, Math.min(around - limit / 2, all.length - limit))
    end = start + limit
  }
  const messages = all.slice(start, end)
  return { messages, before: start > 0, after: end < all.length, seq: all.at(-1)?.seq ?? 0 }
}

/** The first and the last seq that are shown, and how many messages. */
export const seqs = (open: Parameters<typeof messagesOf>[0]) => {
  const all = messagesOf(open).map(message => message.seq)
  return [all[0], all.at(-1), all.length]
}
