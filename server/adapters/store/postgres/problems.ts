import type { ClientBase } from 'pg'
import type { Problem } from '../sql/problem.ts'
import { newerSchema } from '../sql/problem.ts'
import { markOf } from './moving.ts'

/** Where the database is not whole, or not the one that people use any more. `leaving`: where it is being moved to, by whoever moves it. */
export async function databaseProblem(
  client: ClientBase,
  leaving: string | null = null,
): Promise<Problem | null> {
  const found = await markOf(client)
  if (found?.why === 'arriving')
    return {
      says: `The PostgreSQL database holds a part of what was being copied from ${found.place}, and was cut short.`,
      fix: 'Run the same command again to go on, or make the database anew.',
    }
  if (!found || found.place === leaving) return null
  return {
    says: `The workspace in the PostgreSQL database was moved to ${found.place}.`,
    fix: 'Start Confab there; to go back to what is here, DROP TABLE confab_moving.',
  }
}

export const encodingProblem = (encoding: string): Problem | null =>
  encoding === 'UTF8'
    ? null
    : {
        says: `The PostgreSQL database keeps text as ${encoding}, which cannot hold every language.`,
        fix: "Make one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0, and name it in CONFAB_DATABASE_URL.",
      }

/** `schema`: where its tables go. */
export const placeProblem = (schema: string | null): Problem | null =>
  schema !== null
    ? null
    : {
        says: 'The PostgreSQL database has no schema to put tables into: its search_path names none that its user may use.',
        fix: 'Name one there, or make that user the owner of the database.',
      }

/** `where`, or why. */
export const ownerProblem = (where: string): Problem => ({
  says: `The PostgreSQL user of CONFAB_DATABASE_URL may not make tables ${where}.`,
  fix: 'Make it the owner of the database.',
})

/** `tables`: those that are there under the names of ours, without the mark of ours. */
export const foreignProblem = (tables: readonly string[]): Problem | null =>
  tables.length === 0
    ? null
    : {
        says: `The PostgreSQL database has tables of another program (${tables.join(', ')}).`,
        fix: 'Give Confab a database of its own.',
      }

export const postgresSchemaProblem = (taken: number, known?: number): Problem | null =>
  newerSchema('The data in the PostgreSQL database', taken, known)

/** How many steps of the schema the database has, where it is ours. */
export async function postgresSchema(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ step: number }>('SELECT step::int AS step FROM confab_schema')
  return rows[0]?.step ?? 0
}

/**
 * A start goes on with these, and logs them: settings that are off and lose, when the power fails, what PostgreSQL acknowledged. A session
 * cannot set them for itself, as it can `synchronous_commit`.
 */
export async function durabilityProblems(client: ClientBase): Promise<Problem[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name",
  )
  return rows.map(({ name }) => ({
    says: `${name} is off in PostgreSQL: a power failure loses messages that people saw as sent.`,
    fix: `Set ${name} to on in postgresql.conf, and reload.`,
  }))
}
