import { limits } from '../../../../contract/limits.ts'
import { parseDjangoDate } from './dates.ts'
import { ImportRefusal } from './refusal.ts'
import type { Source } from './source.ts'
import { reading } from './source.ts'
import type { SourceTable, Tables } from './tables.ts'
import { bytesOf, flagColumn, largestCellBytes, textColumn } from './tables.ts'
import type { Text } from './texts.ts'
import { readText } from './texts.ts'

/** A row of auth_user. `image`: its users_profile's, a path in the media folder. `joined` is as it is written there. */
export interface UserRow {
  readonly id: number
  readonly username: Text
  readonly firstName: Text
  readonly lastName: Text
  readonly email: Text
  readonly password: Text
  readonly joined: Text
  readonly administrator: boolean
  readonly active: boolean
  readonly image: Text | null
}

export interface RoomRow {
  readonly id: number
  readonly name: Text
  readonly slug: Text
}

/** Everything of chat_message but the texts, by position in the order of ids. `author` and `room` are positions in the lists of names. */
export interface MessageRows {
  readonly ids: Float64Array
  /** Microseconds since the epoch; NaN where the date cannot be read. */
  readonly dates: Float64Array
  readonly author: Uint32Array
  readonly room: Uint32Array
  readonly authors: readonly string[]
  readonly rooms: readonly string[]
}

/** What is read of one message when it is written. `dated` is its date as the source has it. */
export interface MessageText {
  readonly dated: string
  readonly text: Text
}

/** What names one thing or person: longer ones are cut, and stay what they name. */
const nameBytes = 1024

type Cells = Readonly<Record<string, unknown>>

function cell(row: Cells, column: string): Text {
  const total = Number(row[`${column}_bytes`])
  return readText(String(row[column]), { total, read: Math.min(total, nameBytes), most: nameBytes })
}

const query = (source: Source, table: SourceTable, columns: readonly string[], rest = 'ORDER BY id') =>
  source.db.prepare<unknown[], Cells>(`SELECT ${columns.join(', ')} FROM ${table.name} NOT INDEXED ${rest}`)

/** The rows of auth_user by id, each with its picture. */
export function readUsers(source: Source, tables: Tables): UserRow[] {
  return reading(source, () => {
    const { users } = tables
    const images = readImages(source, tables.profiles)
    const names = ['username', 'first_name', 'last_name', 'email', 'password', 'date_joined']
    const rows = query(source, users, [
      'id',
      ...names.map(name => textColumn(users, name, nameBytes)),
      flagColumn(users, 'is_superuser', 0),
      flagColumn(users, 'is_staff', 0),
      flagColumn(users, 'is_active', 1),
    ]).all()
    return rows.map(row => ({
      id: Number(row.id),
      username: cell(row, 'username'),
      firstName: cell(row, 'first_name'),
      lastName: cell(row, 'last_name'),
      email: cell(row, 'email'),
      password: cell(row, 'password'),
      joined: cell(row, 'date_joined'),
      administrator: row.is_superuser === 1 || row.is_staff === 1,
      active: row.is_active === 1,
      image: images.get(Number(row.id)) ?? null,
    }))
  })
}

function readImages(source: Source, profiles: SourceTable | null): ReadonlyMap<number, Text> {
  if (!profiles) return new Map()
  const rows = query(source, profiles, ['user_id', textColumn(profiles, 'image', nameBytes)]).all()
  return new Map(rows.map(row => [Number(row.user_id), cell(row, 'image')]))
}

/** The rows of chat_room by id; none where there is no such table. */
export function readRooms(source: Source, tables: Tables): RoomRow[] {
  return reading(source, () => {
    const { rooms } = tables
    if (!rooms) return []
    const columns = ['id', textColumn(rooms, 'name', nameBytes), textColumn(rooms, 'slug', nameBytes)]
    return query(source, rooms, columns)
      .all()
      .map(row => ({ id: Number(row.id), name: cell(row, 'name'), slug: cell(row, 'slug') }))
  })
}

/** All messages without their texts: some 25 bytes of memory for each. */
export function readMessages(source: Source, tables: Tables): MessageRows {
  return reading(source, () => {
    const { messages } = tables
    const count = Number(source.db.prepare(`SELECT count(*) FROM ${messages.name}`).pluck().get())
    const [authors, rooms] = [new Names(), new Names()]
    const [ids, dates] = [new Float64Array(count), new Float64Array(count)]
    const [author, room] = [new Uint32Array(count), new Uint32Array(count)]
    const columns = ['username', 'room', 'date_added'].map(name => textColumn(messages, name, nameBytes))
    let at = 0
    for (const row of query(source, messages, ['id', ...columns]).iterate()) {
      ids[at] = Number(row.id)
      dates[at] = parseDjangoDate(cell(row, 'date_added').text) ?? Number.NaN
      author[at] = authors.place(cell(row, 'username').text)
      room[at] = rooms.place(cell(row, 'room').text)
      at++
    }
    return { ids, dates, author, room, authors: authors.list, rooms: rooms.list }
  })
}

/** A reader of single messages by their id. */
export function messageTexts(source: Source, tables: Tables): (id: number) => MessageText {
  const { messages } = tables
  const most = limits.textBytes
  const columns = [
    textColumn(messages, 'date_added', nameBytes),
    textColumn(messages, 'message_content', most),
  ]
  const bytes = `${bytesOf('message_content', most)} AS bytes`
  const [one, beginning] = reading(source, () => [
    query(source, messages, columns, 'WHERE id = ?'),
    query(source, messages, [bytes], 'WHERE id = ?'),
  ])
  return id =>
    reading(source, () => {
      const row = one.get(id)
      if (!row) throw new ImportRefusal(`${source.name} is damaged: it has lost message ${id}.`)
      const total = Number(row.message_content_bytes)
      const read = total > largestCellBytes ? 0 : Math.min(total, most)
      const of = { total, read, most, bytes: () => beginning.get(id)?.bytes as Uint8Array }
      return { dated: cell(row, 'date_added').text, text: readText(String(row.message_content), of) }
    })
}

/** The picture that a message shows of its author: `profile_pic`, an address under /media/; empty where it has none. */
export function pictureOfMessage(source: Source, tables: Tables, id: number): Text {
  const { messages } = tables
  return reading(source, () =>
    cell(
      query(source, messages, [textColumn(messages, 'profile_pic', nameBytes)], 'WHERE id = ?').get(id) ?? {},
      'profile_pic',
    ),
  )
}

/** Each name once, and where it stands. */
class Names {
  readonly list: string[] = []
  readonly #places = new Map<string, number>()

  place(name: string): number {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    this.#places.set(name, this.list.length)
    this.list.push(name)
    return this.list.length - 1
  }
}
