import { hash } from 'node:crypto'
import type { MessageId } from '../../../../contract/ids.ts'
import { uuidOf } from '../../../../contract/ids.ts'
import type { Source } from './source.ts'
import { reading } from './source.ts'
import type { Tables } from './tables.ts'
import { textColumn } from './tables.ts'

/**
 * Which ChatApp this is: the same for every copy of its database, also after more was written in it. It is made from the first thing
 * that Django notes in a new database, when each of its tables was made; else from the oldest user.
 */
export function sourceIdentity(source: Source, tables: Tables): string {
  const { migrations, users } = tables
  const table = migrations ?? users
  const columns = migrations ? ['app', 'name', 'applied'] : ['date_joined']
  const first = reading(source, () =>
    source.db
      .prepare(
        `SELECT id, ${columns.map(column => textColumn(table, column, 256)).join(', ')}
         FROM ${table.name} NOT INDEXED ORDER BY id LIMIT 1`,
      )
      .raw()
      .get(),
  ) as unknown[] | undefined
  const parts = (first ?? []).map(String)
  return `django:${digest([table.name, ...parts]).toString('hex', 0, 16)}`
}

/** The id of what a source knows under a key: a UUIDv8 (RFC 9562, section 5.8), always the same. */
export const idOf = <Id extends string>(identity: string, key: string): Id =>
  uuidOf(digest([identity, key]), 8) as Id

/**
 * The id of a message: the same kind, but it begins with the message's time (Unix ms) as a UUIDv7 does. So neighbours in a room are
 * neighbours in the store's index of ids, which it is written many times faster for.
 */
export function messageIdOf(identity: string, key: string, at: number): MessageId {
  const bytes = digest([identity, key])
  bytes.writeUIntBE(at % 2 ** 48, 0, 6)
  return uuidOf(bytes, 8) as MessageId
}

/**
 * Keys hold what a row will always have, not its id alone: many ChatApps began as one copy of a database, and went on to give the same
 * ids to other people and messages.
 */
export const userKey = (id: number, joined: string): string => `user:${id}:${joined}`
export const messageKey = (id: number, dated: string): string => `message:${id}:${dated}`
export const authorKey = (username: string): string => `author:${digest([username]).toString('hex', 0, 16)}`
/** Under what somebody is known by a username that they have or had in the ChatApp, whose messages name their author by it. */
export const nameKey = (username: string): string => `name:${digest([username]).toString('hex', 0, 16)}`
export const roomKey = (text: string): string => `room:${digest([text]).toString('hex', 0, 16)}`
export const memberKey = (room: string, user: string): string => `member:${room}:${user}`

const digest = (parts: readonly string[]): Buffer => hash('sha256', JSON.stringify(parts), 'buffer')
