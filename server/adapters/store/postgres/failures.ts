import pg from 'pg'
import type { NotTaken } from '../sql/jobs.ts'

/** What PostgreSQL said of a statement, by SQLSTATE (its documentation, appendix A); of the connection to it there is none. */
export const sqlStateOf = (error: unknown): string | null =>
  error instanceof pg.DatabaseError && error.code !== undefined ? error.code : null

/** Another transaction was in the way, and everything of this one was undone: it is simply done again. */
export const isCrossed = (error: unknown): boolean => ['40001', '40P01'].includes(sqlStateOf(error) ?? '')

/** The change itself is at fault, not the database nor the connection to it. */
export const isOfTheChange = (error: unknown): boolean => /^(22|23|2F|42|P0)/.test(sqlStateOf(error) ?? '')

/** A function that is called is not there. */
export const isMissing = (error: unknown): boolean => sqlStateOf(error) === '42883'

/** A second of something that there is one of. */
export const isNotUnique = (error: unknown): boolean => sqlStateOf(error) === '23505'

/** Unique columns that people choose the content of, and the field to tell them. */
const unique: Readonly<Record<string, string>> = {
  users_folded_key: 'username',
  rooms_folded: 'name',
  users_skeleton: 'username',
  rooms_skeleton: 'name',
  users_lower_skeleton: 'username',
  rooms_lower_skeleton: 'name',
}

/** By what name the program tells that an id is in use. */
export const idTaken = 'id_taken'

const ids = [idTaken, 'messages_id_key']
const idKey = /^(users|rooms|tokens|sessions|avatars|deleted_messages|made)_pkey$/

/** What was to be made has an id that is in use. */
export function isIdTaken(error: unknown): boolean {
  const constraint = (isNotUnique(error) && (error as pg.DatabaseError).constraint) || ''
  return ids.includes(constraint) || idKey.test(constraint)
}

/** Which of a person's words is taken already; null for any other fault. */
export const fieldTaken = (error: unknown): string | null =>
  (isNotUnique(error) && unique[(error as pg.DatabaseError).constraint ?? '']) || null

/** For want of room on its disk. */
const isFull = (error: unknown): boolean => sqlStateOf(error) === '53100'

/** The connection broke, or PostgreSQL ended it, perhaps when it had already kept what was asked. */
export const isConnectionFailure = (error: unknown): boolean => /^(08|57P|$)/.test(sqlStateOf(error) ?? '')

/** What something came to that failed with an error. What PostgreSQL refuses is undone as a whole; of a connection that breaks nobody knows. */
export const notTaken = (error: unknown): NotTaken => ({
  unavailable: error instanceof Error ? error.message : String(error),
  full: isFull(error),
  undone: !isConnectionFailure(error),
})
