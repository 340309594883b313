import { foldName } from '../../../../contract/names.ts'
import type { Change, RowWrite } from '../../../core/log/change.ts'
import { change } from '../../../core/log/write.ts'
import { made } from '../../../core/operations/rooms/room-events.ts'
import { joins } from '../../../core/operations/users/model.ts'
import { memberKey } from './identity.ts'
import type { ImportCounts, Means } from './means.ts'
import { batches, nothingWritten } from './means.ts'
import type { Comer } from './people.ts'
import type { Plan } from './plan.ts'
import { authorAt, makerOf } from './plan.ts'
import type { PlannedRoom } from './rooms.ts'
import { writeMessages } from './write-messages.ts'
import { writePeople } from './write-people.ts'

const membersAtOnce = 200
/** Set-up makes these two for everybody; where one comes, set-up takes it as it is. */
const namesForEveryone: ReadonlySet<string> = new Set(['general', 'random'])

/**
 * Writes what the plan says, batch by batch: people, rooms, each room's messages, then its members. Each batch notes what it brings, so a
 * run that was interrupted at any instant is finished by running it again.
 */
export async function writePlan(plan: Plan, means: Means): Promise<ImportCounts> {
  const written = nothingWritten()
  await writePeople(plan, means, written)
  for (const [place, room] of plan.rooms.list.entries()) await writeRoom(plan, place, room, means, written)
  return written
}

async function writeRoom(
  plan: Plan,
  place: number,
  room: PlannedRoom,
  means: Means,
  written: ImportCounts,
): Promise<void> {
  const { from, to } = plan.timeline.ranges[place] ?? { from: 0, to: 0 }
  const positions = plan.timeline.order.subarray(from, to)
  if (!room.here) {
    await means.target.commit(roomMade(plan, room, positions[0]))
    written.rooms++
  } else if ((await means.target.members(room.id)) === null) {
    written.messagesGone += positions.length
    return
  }
  await writeMessages(plan, room, positions, means, written)
  const members = (plan.memberships[place] ?? []).flatMap(member => plan.people.list[member] ?? [])
  await writeMembers(plan, room, members, means)
}

/** `first`: the position of the room's oldest message; it is as old as that, or made now. */
function roomMade(plan: Plan, room: PlannedRoom, first: number | undefined): Change {
  const createdAt = first === undefined ? plan.now : plan.timeline.at(first)
  const by = makerOf(plan, first === undefined ? undefined : authorAt(plan, first))
  const everyone = namesForEveryone.has(foldName(room.name))
  const fields = {
    id: room.id,
    kind: 'public',
    name: room.name,
    topic: '',
    archived: false,
    everyone,
    createdAt,
  } as const
  return change({
    appends: made(fields, { by, at: createdAt }),
    rows: [{ row: 'imported', source: plan.identity, key: room.key, id: room.id }],
  })
}

/** Joins come after the messages: who joins has read what was said before. Who left or was removed since an earlier run stays out. */
async function writeMembers(
  plan: Plan,
  room: PlannedRoom,
  people: readonly Comer[],
  { target }: Means,
): Promise<void> {
  const there = (await target.members(room.id)) ?? new Set()
  for (const batch of batches(people, membersAtOnce)) {
    const keyed = batch.map(comer => ({ user: comer.user.id, key: memberKey(room.key, comer.key) }))
    const here = await target.imported(
      plan.identity,
      keyed.map(({ key }) => key),
    )
    const coming = keyed.filter(({ user, key }) => !here.has(key) && !there.has(user))
    const appends = coming.flatMap(({ user }) => joins(room.id, user, 'member', { by: user, at: plan.now }))
    const rows = coming.map(
      ({ user, key }): RowWrite => ({ row: 'imported', source: plan.identity, key, id: user }),
    )
    if (appends.length > 0) await target.commit(change({ appends, rows }))
  }
}
