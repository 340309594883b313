import type { ClientBase } from 'pg'

/** Why no server may open a database: something is being copied into it, or all of it was moved away. */
type Why = 'arriving' | 'away'

/**
 * Marks the database, in the transaction that is open if there is one. `where`: for people, whence something comes or whither it went;
 * never with a password.
 */
export async function mark(client: ClientBase, why: Why, where: string): Promise<void> {
  await client.query(
    'CREATE TABLE IF NOT EXISTS confab_moving (one bigint PRIMARY KEY CHECK (one = 1), why text NOT NULL, place text NOT NULL)',
  )
  await client.query(
    'INSERT INTO confab_moving VALUES (1, $1, $2) ON CONFLICT (one) DO UPDATE SET why = excluded.why, place = excluded.place',
    [why, where],
  )
}

export async function unmark(client: ClientBase): Promise<void> {
  await client.query('DROP TABLE IF EXISTS confab_moving')
}

export async function markOf(client: ClientBase): Promise<{ why: Why; place: string } | null> {
  const { rows: there } = await client.query<{ is: boolean }>(
    "SELECT to_regclass('confab_moving') IS NOT NULL AS is",
  )
  if (!there[0]?.is) return null
  const { rows } = await client.query<{ why: Why; place: string }>('SELECT why, place FROM confab_moving')
  return rows[0] ?? null
}
