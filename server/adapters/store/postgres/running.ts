import { setTimeout } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import type { Epoch } from '../../../../contract/ids.ts'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { refuseToOpen } from '../sql/problem.ts'
import { databaseProblem } from './problems.ts'

/** "Cnfb": the first half of each advisory lock of Confab in its database. */
export const lockSpace = 0x436e6662
export const runningLock = 1
/** "Cnfc": the first half of the advisory locks of ids, apart from those above. */
export const idLockSpace = lockSpace + 1

/**
 * Held by every server for as long as it runs: any number of them together, and none while `lockAlone` is held. It is the connection's own:
 * it goes with the connection, and does not pass through a pooler that hands connections around.
 * @returns whether it was to be had
 */
export const lockShared = (client: ClientBase): Promise<boolean> =>
  taken(client, 'pg_try_advisory_lock_shared')

/**
 * Begins a session of a node that runs: the database is as the node left it, and stays so for as long as the session lasts.
 * @throws CannotOpen where it is being moved or restored, or was since the node began.
 */
export async function beginServerSession(client: ClientBase, epoch: Epoch): Promise<void> {
  if (!(await lockShared(client)))
    throw new CannotOpen('The PostgreSQL database is being moved or restored by another program.')
  refuseToOpen(await databaseProblem(client))
  const { rows } = await client.query<{ epoch: Epoch }>('SELECT epoch FROM workspace')
  if (rows[0]?.epoch !== epoch)
    throw new CannotOpen(
      'The PostgreSQL database holds another history than when this node began: it was restored.',
    )
}

/** PostgreSQL takes this long, and seldom longer, to see that a client was killed, ms. */
const goneMs = 3_000
const againMs = 100

/**
 * Held by whatever needs the database to itself, so that no server runs on it meanwhile. It asks again for `patienceMs`, in case who has it is
 * gone already; it does not queue, which would keep servers from starting.
 */
export async function lockAlone(client: ClientBase, patienceMs = goneMs): Promise<boolean> {
  for (let waited = 0; ; waited += againMs) {
    if (await taken(client, 'pg_try_advisory_lock')) return true
    if (waited >= patienceMs) return false
    await setTimeout(againMs)
  }
}

async function taken(client: ClientBase, lock: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(`SELECT ${lock}($1, $2) AS taken`, [
    lockSpace,
    runningLock,
  ])
  return rows[0]?.taken === true
}
