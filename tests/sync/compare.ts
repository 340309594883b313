import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { Message } from '../../contract/entities.ts'
import type { RoomId, Topic } from '../../contract/ids.ts'
import type { LiveClient } from '../../web/sync/client.ts'
import type { OpenRoom, Snapshot } from '../../web/sync/model.ts'
import { stateOf } from '../../web/sync/replica/state.ts'
import type { ViewParts } from '../../web/sync/view.ts'
import { snapshotOf } from '../../web/sync/view.ts'
import type { Person } from '../support/app.ts'

/** What the server knows as well: neither the connection, nor what waits on this device. */
type Compared = Omit<
  Snapshot,
  'connection' | 'online' | 'unsent' | 'waiting' | 'unsentRooms' | 'drafts' | 'kept'
>

function compared(snapshot: Snapshot): Compared {
  const {
    connection: _,
    online: __,
    unsent: ___,
    unsentRooms: ____,
    drafts: _____,
    kept: ______,
    ...rest
  } = snapshot
  return rest
}

/** What never comes is given up after this long, ms, so that the test can tell what was missing. */
export const patience = 20_000

/** Resolves to true as soon as it holds, looked at whenever something changes; to false when it never does. */
export function until(
  subscribe: (listener: () => void) => () => void,
  holds: () => boolean,
  patienceMs = patience,
): Promise<boolean> {
  if (holds()) return Promise.resolve(true)
  return new Promise(resolve => {
    const end = (held: boolean) => {
      stop()
      clearTimeout(timer)
      resolve(held)
    }
    const stop = subscribe(() => holds() && end(true))
    const timer = setTimeout(end, patienceMs, false)
  })
}

/** What somebody who comes now is told, and how far each log is. */
export async function fresh(person: Person) {
  const boot = await person.call('bootstrap.get', {})
  const seen: ViewParts = {
    state: stateOf(boot),
    seen: (_room, read) => read,
    passed: () => null,
    connection: { is: 'online' },
    online: new Set(),
    unsent: 0,
    waiting: 0,
    unsentRooms: new Set(),
    drafts: new Set(),
    kept: true,
  }
  return { heads: boot.cursors as Record<Topic, number>, snapshot: compared(snapshotOf(seen, null)) }
}

/**
 * F2: what this client folded from its logs is what a new one is told. Waits until the client heard everything that there is. What goes on by
 * itself meanwhile, as the purge of somebody's messages does, is in what is told the next time.
 */
export async function agrees(client: LiveClient, person: Person, patienceMs = patience): Promise<void> {
  const changes = (listener: () => void) => client.subscribe(listener)
  let now = await fresh(person)
  for (;;) {
    const topics = Object.entries(now.heads) as [Topic, number][]
    const behind = () => topics.some(([topic, head]) => (client.cursors.get(topic) ?? -1) < head)
    const ahead = () => topics.some(([topic, head]) => (client.cursors.get(topic) ?? -1) > head)
    const same = () => isDeepStrictEqual(compared(client.snapshot()), now.snapshot)
    if (!(await until(changes, () => !behind(), patienceMs)))
      assert.deepEqual(Object.fromEntries(client.cursors), now.heads)
    await until(changes, () => same() || ahead(), patienceMs)
    if (same()) return
    const later = await fresh(person)
    if (isDeepStrictEqual(later.heads, now.heads)) break
    now = later
  }
  await until(changes, () => isDeepStrictEqual(compared(client.snapshot()), now.snapshot), patienceMs)
  assert.deepEqual(compared(client.snapshot()), now.snapshot)
}

/** All there is of a room, oldest first. */
export async function history(person: Person, room: RoomId): Promise<Message[]> {
  const all: Message[] = []
  for (;;) {
    const page = await person.call('messages.list', { room, after: all.at(-1)?.seq ?? 0, limit: 100 })
    all.push(...page.messages)
    if (!page.after) return all
  }
}

export const messagesOf = (room: OpenRoom): Message[] =>
  room.snapshot().rows.flatMap(row => (row.is === 'message' ? [row.message] : []))
