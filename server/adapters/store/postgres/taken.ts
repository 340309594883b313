import pg from 'pg'
import type { Committed } from '../sql/jobs.ts'

/** Unique columns that people choose the content of, and the field to tell them. */
const unique: Readonly<Record<string, string>> = {
  users_folded_key: 'username',
  rooms_folded: 'name',
  rooms_slug: 'name',
}

/**
 * What a change that met something unique came to: refused by the field, or (somebody else made the same id at the same time, and has
 * committed now) to be done again, when it is found to be known. Null for any other fault.
 */
export function takenOf(error: unknown): Committed | 'again' | null {
  if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return null
  const field = unique[error.constraint ?? '']
  return field === undefined ? 'again' : { is: 'refused', code: 'taken', field }
}
