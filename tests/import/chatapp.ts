import { pbkdf2Sync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'

/** The tables as Django 4 and 5 make them on SQLite. */
const tables = {
  django_migrations:
    '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL',
  auth_user:
    '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL, "first_name" varchar(150) NOT NULL',
  users_profile:
    '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "image" varchar(100) NOT NULL, "user_id" integer NOT NULL UNIQUE REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED',
  chat_room:
    '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(50) NOT NULL, "slug" varchar(50) NOT NULL UNIQUE',
  chat_message:
    '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "username" varchar(50) NOT NULL, "room" varchar(50) NOT NULL, "message_content" text NOT NULL, "date_added" datetime NOT NULL, "profile_pic" varchar(100) NOT NULL',
} as const
export type TableName = keyof typeof tables

export interface UserFields {
  readonly username: string
  readonly password?: string
  readonly first_name?: string
  readonly last_name?: string
  readonly email?: string
  readonly is_superuser?: number
  readonly is_staff?: number
  readonly is_active?: number
  readonly date_joined?: string
}

export interface MessageFields {
  readonly username?: string
  readonly room?: string
  readonly message_content?: string | Buffer
  readonly date_added?: string | number
  readonly profile_pic?: string
}

/** The password of everybody in a test's ChatApp, and a hash of it as Django keeps it. */
export const oldPassword = 'correct horse battery'
export function djangoHash(password = oldPassword, iterations = 1_000, salt = 'pepper'): string {
  const tag = pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('base64')
  return `pbkdf2_sha256$${iterations}$${salt}$${tag}`
}
const usualHash = djangoHash()

/** A Django ChatApp's db.sqlite3 and media folder, made by a test in a folder of its own. */
export class ChatApp implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'confab-chatapp-'))
  readonly database = join(this.folder, 'db.sqlite3')
  readonly media = join(this.folder, 'media')
  readonly db: Database.Database

  /** `without`: tables that are not made. `instead`: other columns for some. */
  constructor(
    options: { without?: readonly TableName[]; instead?: Partial<Record<TableName, string>> } = {},
  ) {
    mkdirSync(this.media)
    this.db = new Database(this.database)
    this.db.pragma('foreign_keys = OFF')
    for (const [name, columns] of Object.entries({ ...tables, ...options.instead }))
      if (!options.without?.includes(name as TableName)) this.db.exec(`CREATE TABLE "${name}" (${columns})`)
    if (!options.without?.includes('django_migrations'))
      this.#insert('django_migrations', {
        app: 'contenttypes',
        name: '0001_initial',
        applied: `2022-06-03 12:03:00.${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`,
      })
  }

  /** A user, whose id is answered; with `image`, a profile that names it. */
  user(fields: UserFields, image?: string): number {
    const id = this.#insert('auth_user', {
      password: usualHash,
      first_name: '',
      last_name: '',
      email: '',
      is_superuser: 0,
      is_staff: 0,
      is_active: 1,
      date_joined: '2023-01-02 03:04:05.678901',
      ...fields,
    })
    if (image !== undefined) this.#insert('users_profile', { user_id: id, image })
    return id
  }

  room(name: string, slug: string): number {
    return this.#insert('chat_room', { name, slug })
  }

  message(fields: MessageFields = {}): number {
    return this.#insert('chat_message', {
      username: 'alice',
      room: 'lobby',
      message_content: 'Hello',
      date_added: '2023-05-01 12:00:00',
      profile_pic: '/media/default.jpg',
      ...fields,
    })
  }

  /** Puts a file into the media folder. */
  file(path: string, bytes: Uint8Array): void {
    const file = join(this.media, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }

  #insert(table: string, row: Readonly<Record<string, unknown>>): number {
    const columns = Object.keys(row)
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    return Number(this.db.prepare(sql).run(Object.values(row)).lastInsertRowid)
  }

  [Symbol.dispose](): void {
    this.db.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
