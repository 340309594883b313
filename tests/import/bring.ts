import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { MessageId, RoomId, UserId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { importDjango } from '../../server/cli/import/django/command.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Person } from '../support/app.ts'
import type { ChatApp } from './chatapp.ts'

/** What a run of the import said, and how it ended. */
export interface Brought {
  readonly code: number
  readonly report: string
  readonly problem: string
}

/** The data directory of a ChatApp's test: it is not there until something is imported. */
export const dataOf = (chat: ChatApp): string => join(chat.folder, 'data')

/** Runs the import as at the command line. */
export async function bring(chat: ChatApp, ...more: string[]): Promise<Brought> {
  const report: string[] = []
  const problem: string[] = []
  const args = ['django', '--database', chat.database, '--media', chat.media, '--data', dataOf(chat), ...more]
  const code = await importDjango(args, {
    log: line => report.push(line),
    error: line => problem.push(line),
  })
  return { code, report: report.join('\n'), problem: problem.join('\n') }
}

export const storeOf = (chat: ChatApp): Promise<Store> =>
  openSqliteStore({ directory: dataOf(chat), clock: systemClock })

/** Whether anything at all was made in the data directory. */
export const isUntouched = (chat: ChatApp): boolean =>
  !existsSync(dataOf(chat)) || readdirSync(dataOf(chat)).length === 0

/** A message as somebody sees it, its author and room by name. */
export interface Seen {
  readonly id: MessageId
  readonly author: string
  readonly text: string
  readonly at: string
}

/** The whole of a room's history as somebody reads it, oldest first. */
export async function historyOf(reader: Person, room: RoomId): Promise<Seen[]> {
  const { users } = await reader.call('bootstrap.get', {})
  const names = new Map<UserId, string>(users.map(user => [user.id, user.username]))
  const seen: Seen[] = []
  for (let after = 0; ; ) {
    const page = await reader.call('messages.list', { room, after, limit: 100 })
    for (const { id, author, text, at, seq } of page.messages) {
      seen.push({ id, author: names.get(author) ?? '?', text, at: new Date(at).toISOString() })
      after = seq
    }
    if (!page.after) return seen
  }
}

/** The id of the room of that name. */
export async function roomNamed(reader: Person, name: string): Promise<RoomId> {
  const { rooms } = await reader.call('rooms.list', {})
  const found = rooms.find(room => room.name === name)
  if (!found) throw new Error(`There is no room ${name} among ${rooms.map(room => room.name).join(', ')}.`)
  return found.id
}
