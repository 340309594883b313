import type { UserId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import { email } from '../../../../contract/text.ts'
import { djangoIterationsMax, parseDjango } from '../../../core/authentication/passwords.ts'
import type { Person } from '../../../core/operations/users/model.ts'
import { parseDjangoDate } from './dates.ts'
import { authorKey, idOf, nameKey, userKey } from './identity.ts'
import { isShared, pathOfAddress } from './media.ts'
import type { Wish } from './names.ts'
import { giveNames } from './names.ts'
import type { Notices } from './notices.ts'
import type { Present } from './present.ts'
import { formsOfName } from './present.ts'
import type { UserRow } from './rows.ts'
import type { Text } from './texts.ts'
import { nearestUsername, plainLine, quoted } from './texts.ts'

/** Somebody who comes, or came with an earlier run (`here`). */
export interface Comer {
  readonly key: string
  readonly here: boolean
  readonly user: Person
  /** Django's hash, kept as it is; `null` where it cannot be verified here. */
  readonly hash: string | null
  /** A path in the media folder. */
  readonly picture: string | null
}

/** A username in messages that no user has. `since`: Unix ms of the first of them. `picture`: as the last of them shows it. */
export interface Author {
  readonly username: string
  readonly since: number
  readonly picture: string
}

/** Everybody who comes, and who wrote what stands under a username: an index into `list`. */
export interface ImportedPeople {
  readonly list: readonly Comer[]
  readonly byUsername: ReadonlyMap<string, number>
  /** The keys of names that are to be noted, and whose they are. */
  readonly names: ReadonlyMap<string, UserId>
}

interface Parts {
  readonly identity: string
  readonly present: Present
  readonly notices: Notices
  readonly now: number
}

const usernames = { forms: formsOfName, before: '-', most: limits.usernameCharacters }

/** Decides who comes as whom. */
export function planPeople(
  users: readonly UserRow[],
  authors: readonly Author[],
  parts: Parts,
): ImportedPeople {
  const { present } = parts
  const candidates = [
    ...users.map(row => ({ key: userKey(row.id, row.joined.text), row, author: null })),
    ...authors
      .filter(({ username }) => !present.imported.has(nameKey(username)))
      .map(author => ({ key: authorKey(author.username), row: null, author })),
  ]
  const wishes = candidates.flatMap(({ key, row, author }): Wish[] =>
    present.imported.has(key)
      ? []
      : [{ key, name: wishedName(row?.username.text ?? author?.username ?? '', row?.id) }],
  )
  const names = giveNames(wishes, present.usernames, usernames)
  const list: Comer[] = []
  const byUsername = new Map<string, number>()
  for (const { key, row, author } of candidates) {
    const username = row?.username.text ?? author?.username ?? ''
    if (!byUsername.has(username)) byUsername.set(username, list.length)
    const name = names.get(key) ?? ''
    list.push(row ? userOf(row, key, name, parts) : placeholderOf(author, key, name, parts))
  }
  addFormer(authors, { list, byUsername }, present)
  return { list, byUsername, names: namesOf(users, list, present) }
}

/**
 * Who had this name when an earlier run brought them, and has another one now, or is no longer there: the messages that still name them are
 * theirs.
 */
function addFormer(
  authors: readonly Author[],
  { list, byUsername }: { list: Comer[]; byUsername: Map<string, number> },
  present: Present,
): void {
  for (const author of authors) {
    const id = present.imported.get(nameKey(author.username)) as UserId | undefined
    if (id === undefined) continue
    const place = list.findIndex(({ user }) => user.id === id)
    byUsername.set(author.username, place < 0 ? list.length : place)
    if (place < 0)
      list.push({ ...placeholderFor(id, '', author, 0), key: nameKey(author.username), here: true })
  }
}

/** What this run notes: under which names it knows whom, as far as no earlier one did. */
function namesOf(
  users: readonly UserRow[],
  list: readonly Comer[],
  present: Present,
): ReadonlyMap<string, UserId> {
  const names = new Map<string, UserId>()
  for (const [place, row] of users.entries()) {
    const key = nameKey(row.username.text)
    const comer = list[place]
    if (comer && !present.imported.has(key) && !names.has(key)) names.set(key, comer.user.id)
  }
  return names
}

const wishedName = (text: string, id: number | undefined): string =>
  nearestUsername(text, limits.usernameCharacters) ?? (id === undefined ? 'author' : `user-${id}`)

function userOf(row: UserRow, key: string, username: string, parts: Parts): Comer {
  const here = parts.present.imported.get(key)
  const notices = here ? null : parts.notices
  const who = `${quoted(row.username.text)} (user ${row.id})`
  if (username !== row.username.text) notices?.tell('username', `${who} signs in as ${username}.`)
  const firstName = personName(row.firstName, 'first name', who, notices)
  const lastName = personName(row.lastName, 'last name', who, notices)
  const id = (here as UserId | undefined) ?? idOf<UserId>(parts.identity, key)
  const user: Person = {
    id,
    username,
    displayName: displayNameOf([firstName, lastName].filter(Boolean).join(' '), username),
    firstName,
    lastName,
    status: '',
    avatar: null,
    role: row.administrator ? 'administrator' : 'member',
    state: row.active ? 'active' : 'deactivated',
    createdAt: joinedAt(row, who, notices, parts.now),
    email: emailOf(row, who, notices),
  }
  return {
    key,
    here: here !== undefined,
    user,
    hash: hashOf(row, who, notices),
    picture: pictureOf(row.image?.text ?? ''),
  }
}

function placeholderOf(author: Author | null, key: string, username: string, parts: Parts): Comer {
  const here = parts.present.imported.get(key)
  const id = (here as UserId | undefined) ?? idOf<UserId>(parts.identity, key)
  const name = author?.username ?? ''
  if (here === undefined) parts.notices.tell('placeholder', `${quoted(name)} comes as ${username}.`)
  return { key, here: here !== undefined, ...placeholderFor(id, username, author, parts.now) }
}

const placeholderFor = (
  id: UserId,
  username: string,
  author: Author | null,
  now: number,
): Omit<Comer, 'key' | 'here'> => ({
  user: {
    id,
    username,
    displayName: displayNameOf(plainLine(author?.username ?? '', limits.displayNameCharacters), username),
    firstName: '',
    lastName: '',
    status: '',
    avatar: null,
    role: 'member',
    state: 'placeholder',
    createdAt: author?.since ?? now,
    email: '',
  },
  hash: null,
  picture: pictureOf(pathOfAddress(author?.picture ?? '')),
})

const pictureOf = (path: string): string | null => (path === '' || isShared(path) ? null : path)

const displayNameOf = (name: string, username: string): string =>
  plainLine(name === '' ? username : name, limits.displayNameCharacters)

function personName(name: Text, what: string, who: string, notices: Notices | null): string {
  const line = plainLine(name.text, limits.displayNameCharacters)
  if (line !== name.text) notices?.tell('name', `The ${what} of ${who} becomes ${quoted(line)}.`)
  return line
}

function emailOf(row: UserRow, who: string, notices: Notices | null): string {
  const address = email.safeParse(row.email.text)
  if (address.success && !row.email.cut) return address.data
  notices?.tell('name', `The e-mail address of ${who} is none, and is left out.`)
  return ''
}

function joinedAt(row: UserRow, who: string, notices: Notices | null, now: number): number {
  const micros = parseDjangoDate(row.joined.text)
  if (micros !== null) return Math.floor(micros / 1000)
  if (row.joined.text !== '')
    notices?.tell('name', `The date when ${who} joined cannot be read; it becomes today.`)
  return now
}

function hashOf(row: UserRow, who: string, notices: Notices | null): string | null {
  const stored = row.password.text
  if (!row.password.cut && parseDjango(stored)) return stored
  notices?.tell('password', `${who}: ${whyUnusable(stored)}.`)
  return null
}

function whyUnusable(stored: string): string {
  if (stored === '' || stored.startsWith('!')) return 'none is set in the ChatApp either'
  const [algorithm = '', iterations = ''] = stored.split('$')
  if (algorithm !== 'pbkdf2_sha256')
    return `it is kept as ${quoted(plainLine(algorithm, 20))}, not pbkdf2_sha256`
  return /^\d{7,}$/.test(iterations) && Number(iterations) > djangoIterationsMax
    ? `its hash takes ${iterations.slice(0, 20)} iterations, more than ${djangoIterationsMax}`
    : 'its hash is damaged'
}
