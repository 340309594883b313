import type { ClientBase } from 'pg'

/**
 * The settings of PostgreSQL that are off and lose, when the power fails, what it acknowledged. A session cannot set them for itself, as it
 * can `synchronous_commit`.
 */
export async function losing(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name",
  )
  return rows.map(({ name }) => name)
}

/** Of one of them, for the operator. */
export const losesMessages = (name: string): string =>
  `${name} is off in PostgreSQL: a power failure loses messages that people saw as sent.`
