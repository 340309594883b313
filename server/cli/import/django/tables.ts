import { ImportRefusal } from './refusal.ts'
import type { Source } from './source.ts'
import { reading } from './source.ts'

/** A table of the ChatApp as it was found: which of the columns that Confab knows it has. */
export interface SourceTable {
  readonly name: string
  readonly has: ReadonlySet<string>
}

/** The ChatApp's tables. Without the optional ones, their part does not come, or is made from the messages. */
export interface Tables {
  readonly users: SourceTable
  readonly messages: SourceTable
  readonly profiles: SourceTable | null
  readonly rooms: SourceTable | null
  readonly migrations: SourceTable | null
}

/** Nothing that a person typed in a chat is larger; what is, is not read into memory at all. */
export const largestCellBytes = 16 * 1024 * 1024

/** Finds the tables, checks that each is a real table, and reads it through once for damage. Throws ImportRefusal. */
export function findTables(source: Source): Tables {
  return reading(source, () => {
    const users = find(source, 'auth_user', ['id', 'username', 'password'])
    const messages = find(source, 'chat_message', ['id', 'username', 'room', 'message_content', 'date_added'])
    if (!users || !messages)
      throw new ImportRefusal(
        `${source.name} is not the database of a Django ChatApp: it has no table ${users ? 'chat_message' : 'auth_user'}.`,
      )
    return {
      users,
      messages,
      profiles: find(source, 'users_profile', ['id', 'user_id', 'image']),
      rooms: find(source, 'chat_room', ['id', 'name', 'slug']),
      migrations: find(source, 'django_migrations', ['id', 'app', 'name', 'applied']),
    }
  })
}

const niceToHave = {
  users: ['first_name', 'last_name', 'email', 'is_superuser', 'is_staff', 'is_active', 'date_joined'],
  messages: ['profile_pic'],
} as const

/** What the ChatApp has not, and what that means, a sentence each. */
export function absences(tables: Tables): string[] {
  const without = (table: SourceTable, columns: readonly string[]) =>
    columns
      .filter(column => !table.has.has(column))
      .map(column => `The table ${table.name} has no column ${column}: it is taken as if nobody had set it.`)
  return [
    ...(tables.profiles ? [] : ['There is no table users_profile: no pictures of users come.']),
    ...(tables.rooms ? [] : ['There is no table chat_room: rooms are made from the messages.']),
    ...without(tables.users, niceToHave.users),
    ...without(tables.messages, niceToHave.messages),
  ]
}

function find(source: Source, name: string, needed: readonly string[]): SourceTable | null {
  const { db } = source
  const found = (db.pragma('main.table_list') as { name: string; type: string; wr: number }[]).find(
    table => table.name.toLowerCase() === name,
  )
  if (!found) return null
  // A view or a virtual table would run what its maker wrote, and a table without rowids is none of Django's.
  if (found.type !== 'table' || found.wr !== 0)
    throw new ImportRefusal(`${name} in ${source.name} is not an ordinary table, so it is not read.`)
  const columns = columnsOf(source, name)
  const missing = needed.filter(column => !columns.has(column))
  if (missing.length > 0)
    throw new ImportRefusal(`The table ${name} in ${source.name} has no column ${missing.join(', ')}.`)
  refuseTriggers(source, name)
  refuseDamage(source, name)
  return { name, has: columns }
}

function columnsOf(source: Source, table: string): ReadonlySet<string> {
  const columns = source.db.pragma(`main.table_xinfo('${table}')`) as {
    name: string
    type: string
    pk: number
    hidden: number
  }[]
  if (columns.some(column => column.hidden !== 0))
    throw new ImportRefusal(`The table ${table} in ${source.name} computes columns, so it is not read.`)
  const keys = columns.filter(column => column.pk > 0)
  const key = keys[0]
  if (keys.length !== 1 || key?.name.toLowerCase() !== 'id' || key.type.toLowerCase() !== 'integer')
    throw new ImportRefusal(`The table ${table} in ${source.name} is not keyed by a number named id.`)
  return new Set(columns.map(column => column.name.toLowerCase()))
}

function refuseTriggers(source: Source, table: string): void {
  const found = source.db
    .prepare(`SELECT count(*) FROM main.sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = ?`)
    .pluck()
    .get(table)
  if (found !== 0)
    throw new ImportRefusal(`The table ${table} in ${source.name} has triggers, which Django's has not.`)
}

function refuseDamage(source: Source, table: string): void {
  const [first] = source.db.pragma(`main.quick_check('${table}')`) as { quick_check: string }[]
  if (first?.quick_check !== 'ok') {
    const [fault] = (first?.quick_check ?? '').split('\n').filter(line => !line.startsWith('***'))
    throw new ImportRefusal(`${source.name} is damaged in ${table} (${fault}). Take a whole copy of it.`)
  }
  const outside = source.db
    .prepare(`SELECT count(*) FROM ${table} NOT INDEXED WHERE id NOT BETWEEN ? AND ?`)
    .pluck()
    .get(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  if (outside !== 0)
    throw new ImportRefusal(`The table ${table} in ${source.name} has ids that Django never gives.`)
}

/**
 * The SQL of a text column read without trust, as two result columns: its text (`<name>`), of at most `most` bytes, and how many bytes
 * it has (`<name>_bytes`). A cell that is too large to be read at all gives no text. NULL, or a column that is not there, is empty.
 */
export function textColumn(table: SourceTable, column: string, most: number): string {
  if (!table.has.has(column)) return `'' AS ${column}, 0 AS ${column}_bytes`
  const length = `octet_length(${column})`
  return `CASE WHEN ${length} <= ${most} THEN CAST(${column} AS TEXT) WHEN ${length} <= ${largestCellBytes}
    THEN CAST(${bytesOf(column, most)} AS TEXT) ELSE '' END AS ${column}, coalesce(${length}, 0) AS ${column}_bytes`
}

/** The SQL of a cell's first bytes. */
export const bytesOf = (column: string, most: number): string => `substr(CAST(${column} AS BLOB), 1, ${most})`

/** The SQL of a yes or no as Django keeps it, 1 or 0; `otherwise` where the table has no such column. */
export function flagColumn(table: SourceTable, column: string, otherwise: 0 | 1): string {
  if (!table.has.has(column)) return `${otherwise} AS ${column}`
  return `coalesce(CAST(${column} AS INTEGER), 0) <> 0 AS ${column}`
}
