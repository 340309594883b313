import type { Topic, UserId } from '../../../../contract/ids.ts'
import { userTopic } from '../../../../contract/ids.ts'
import type { Change } from '../../../core/log/change.ts'
import { eventLocks } from '../events/definitions.ts'
import { conditionLocks } from '../sql/guards.ts'
import { rowLocks } from '../sql/rows.ts'
import type { WriteLocks } from '../sql/write.ts'

/** What a change holds until its commit, each once (see `WriteLocks`): what its events, guards and rows say that they need. */
export interface ChangeLocks {
  readonly topics: Set<Topic>
  readonly owned: Set<UserId>
  readonly shared: Set<UserId>
}

/** What a change must hold. */
export function locksOf({ appends, guards, rows }: Change): ChangeLocks {
  const held: ChangeLocks = { topics: new Set(), owned: new Set(), shared: new Set() }
  for (const { topic, event } of appends) {
    held.topics.add(topic)
    add(held, eventLocks(topic, event))
  }
  for (const guard of guards) for (const locks of conditionLocks(guard)) add(held, locks)
  for (const row of rows) add(held, rowLocks(row))
  return held
}

function add(held: ChangeLocks, { logs = [], owned = [], shared = [] }: WriteLocks): void {
  for (const topic of logs) held.topics.add(topic)
  for (const user of owned) held.owned.add(user)
  for (const user of shared) held.shared.add(user)
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
