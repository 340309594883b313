import type { EventName } from '../../../../contract/events.ts'
import type { Topic, UserId } from '../../../../contract/ids.ts'
import { roomTopic, userTopic } from '../../../../contract/ids.ts'
import type { Change, Condition, RowWrite } from '../../../core/change.ts'

/** What a change holds until its commit. */
export interface ChangeLocks {
  /** Logs that it appends to, or whose membership, room or messages it relies on: all of these change under their log's lock. */
  readonly topics: Set<Topic>
  /** People whose own rows it writes, or counts. */
  readonly owned: Set<UserId>
  /** People on whose role and state it relies. */
  readonly shared: Set<UserId>
}

/** What a change must hold. */
export function locksOf({ appends, guards, rows }: Change): ChangeLocks {
  const locks: ChangeLocks = { topics: new Set(), owned: new Set(), shared: new Set() }
  for (const { topic, event } of appends) {
    locks.topics.add(topic)
    // Markers stand in memberships, which belong to the room's log.
    if (event.e === 'read.moved' || event.e === 'room.hidden') locks.topics.add(roomTopic(event.room))
    if (event.e === 'me.changed') locks.owned.add(topic.slice(5) as UserId)
    if (writesUser.includes(event.e) && 'user' in event)
      locks.owned.add(typeof event.user === 'string' ? event.user : event.user.id)
  }
  for (const guard of guards) lockFor(locks, guard)
  for (const row of rows) lockRow(locks, row)
  return locks
}

const writesUser: readonly EventName[] = ['user.changed', 'user.removed']

function lockFor(locks: ChangeLocks, condition: Condition): void {
  switch (condition.if) {
    case 'any':
      for (const one of condition.of) lockFor(locks, one)
      return
    case 'user':
      locks.shared.add(condition.user)
      return
    case 'user unchanged':
      locks.owned.add(condition.user.id)
      return
    case 'another owner':
    case 'set-up pending':
      locks.topics.add('workspace')
      return
    case 'room':
    case 'room unknown':
    case 'all here':
    case 'nobody else':
    case 'member':
    case 'not a member':
    case 'marker':
    case 'message':
      locks.topics.add(roomTopic(condition.room))
      return
    case 'room unchanged':
      locks.topics.add(roomTopic(condition.room.id))
      return
    case 'fewer rooms':
    case 'fewer tokens':
    case 'credential':
      locks.owned.add(condition.user)
      return
    case 'session confirmed':
      return
  }
}

function lockRow(locks: ChangeLocks, row: RowWrite): void {
  if (
    row.row === 'room erased' ||
    row.row === 'set aside' ||
    row.row === 'in the list' ||
    row.row === 'people'
  )
    locks.topics.add(roomTopic(row.room))
  else if (row.row === 'set up') locks.topics.add('workspace')
  else if (row.row === 'session') locks.owned.add(row.session.user)
  else if (row.row === 'token') locks.owned.add(row.token.user)
  else if ('user' in row) locks.owned.add(row.user)
}

/**
 * By what changes are told apart that may go side by side: the room, else the person, else the workspace. Changes of one key are done in
 * the order in which they are given.
 */
export function lockKeyOf({ topics, owned }: ChangeLocks): string {
  for (const topic of topics) if (topic.startsWith('room:')) return topic
  for (const user of owned) return userTopic(user)
  return 'workspace'
}
