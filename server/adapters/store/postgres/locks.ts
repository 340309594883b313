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
  readonly ids: IdLocks
}

/** The numbers of the locks of ids, and whether each is held by this change alone. */
type IdLocks = Map<number, boolean>

/**
 * So many locks stand for all ids, by the end of each, which is random: a batch of a thousand posts must not fill PostgreSQL's table of
 * locks. Two ids that share one seldom meet, and then one waits for the other's commit.
 */
const idLockCount = 64
const idLockOf = (id: string): number => Number.parseInt(id.slice(-2), 16) % idLockCount

/** What a change must hold. */
export function locksOf({ appends, guards, rows }: Change): ChangeLocks {
  const held: ChangeLocks = { topics: new Set(), owned: new Set(), shared: new Set(), ids: new Map() }
  for (const { topic, event } of appends) {
    held.topics.add(topic)
    add(held, eventLocks(topic, event))
  }
  for (const guard of guards) for (const locks of conditionLocks(guard)) add(held, locks)
  for (const row of rows) add(held, rowLocks(row))
  return held
}

function add(held: ChangeLocks, locks: WriteLocks): void {
  const { logs = [], owned = [], shared = [], ids = [], messages = [] } = locks
  for (const topic of logs) held.topics.add(topic)
  for (const user of owned) held.owned.add(user)
  for (const user of shared) held.shared.add(user)
  addIds(held.ids, messages, false)
  addIds(held.ids, ids, true)
}

function addIds(held: IdLocks, ids: readonly string[], alone: boolean): void {
  for (const id of ids) {
    const lock = idLockOf(id)
    held.set(lock, alone || held.get(lock) === true)
  }
}

/** The locks of ids of several changes, sorted, and those of them that are held alone. */
export function idLocksOf(all: readonly ChangeLocks[]): { readonly ids: number[]; readonly alone: number[] } {
  const held: IdLocks = new Map()
  for (const { ids } of all) for (const [lock, alone] of ids) held.set(lock, alone || held.get(lock) === true)
  const ids = [...held.keys()].sort((a, b) => a - b)
  return { ids, alone: ids.filter(lock => held.get(lock)) }
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
