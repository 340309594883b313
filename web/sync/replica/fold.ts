import type { Event } from '../../../contract/events.ts'
import type { Seq, UserId } from '../../../contract/ids.ts'
import { userTopic } from '../../../contract/ids.ts'
import { CopyOnWrite } from './copy-on-write.ts'
import type { EventBatch, NextPeople, NextSelf } from './effects.ts'
import { effectOf } from './effects.ts'
import type { Mine, People, State } from './state.ts'
import { heldAt, notHeld, roomOf, withRoom } from './state.ts'

/** The state after these events. Those that its part holds already, and those of a kind that is not known here, change nothing. */
export function fold(state: State, { topic, first, events }: EventBatch): State {
  const held = heldAt(state, topic)
  const from = Math.max(first, held + 1)
  const newer = events.slice(from - first)
  if (held === notHeld || newer.length === 0) return state
  const at = first + events.length - 1
  if (topic === 'workspace') return { ...state, people: foldPeople(state.people, newer, at) }
  if (topic === userTopic(state.me)) return foldSelf(state, newer, at)
  const mine = state.mine.get(roomOf(topic))
  return mine ? withRoom(state, foldRoom(mine, newer, from, state.me)) : state
}

function foldPeople(people: People, events: readonly Event[], at: Seq): People {
  const users = new CopyOnWrite(people.users)
  const listed = new CopyOnWrite(people.listed)
  const next: NextPeople = { workspace: people.workspace, users, listed }
  for (const event of events) effectOf(event).people?.(next, event)
  return { at, workspace: next.workspace, users: users.result, listed: listed.result }
}

function foldSelf(state: State, events: readonly Event[], at: Seq): State {
  const mine = new CopyOnWrite(state.mine)
  const next: NextSelf = { email: state.self.email, mine }
  for (const event of events) effectOf(event).self?.(next, event)
  return { ...state, self: { at, email: next.email }, mine: mine.result }
}

/** `from`: the seq of the first of these events. */
function foldRoom(mine: Mine, events: readonly Event[], from: Seq, me: UserId): Mine {
  let next = mine
  for (const [n, event] of events.entries()) {
    next = { ...next, at: from + n }
    next = effectOf(event).room?.(next, event, me) ?? next
  }
  return next
}
