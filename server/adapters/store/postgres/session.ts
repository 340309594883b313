import type pg from 'pg'
import { clientOf, connectionConfig, PostgresSocket } from './connection.ts'

/** A connection that somebody has for as long as it lasts. */
export interface PostgresSession {
  readonly client: pg.Client
  /** Takes its leave of PostgreSQL, which is waited for within a bound. */
  leave(): Promise<void>
}

export function sessionTo(url: string): PostgresSession {
  const socket = new PostgresSocket()
  const client = clientOf(connectionConfig(url, () => socket))
  return {
    client,
    async leave() {
      const ended = client.end()
      // By itself where it is encrypted: what ends then is not this socket.
      socket.leave()
      await ended
    },
  }
}
