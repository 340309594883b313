import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { MessageId, UserId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Inside } from '../app.ts'
import { buildInside } from '../app.ts'
import { readConfig } from '../config.ts'
import { Admission } from '../core/call.ts'
import type { Append, Change } from '../core/log/change.ts'
import { CannotOpen } from '../core/ports/failures.ts'
import type { Chance } from './seed/chance.ts'
import { chanceOf } from './seed/chance.ts'
import type { SeedRoom } from './seed/town.ts'
import { planReading, planTown } from './seed/town.ts'
import { saying } from './seed/words.ts'

const usage = `Usage: seed --users <number> --rooms <number> --messages <number> --tokens <file> [--data <directory>]
Fills a new data directory for trials. Every person is in General, Random and a few of the other rooms, and has a token: a line of the file.`

/** Appends in one change, and changes on their way at once: enough that the disk is waited for seldom. */
const together = 250
const atOnce = 8

/** A sentence for whoever called the command: what they asked for was not done. */
class NotDone extends Error {}

/** Fills a data directory with people, rooms and talk, through the same store that a server writes to. */
export async function seed(args: readonly string[]): Promise<number> {
  const asked = readSeed(args)
  if (!asked) {
    console.error(usage)
    return 2
  }
  const read = readConfig(asked.data === undefined ? {} : { data: asked.data })
  if ('wrong' in read) {
    for (const sentence of read.wrong) console.error(sentence)
    return 2
  }
  try {
    await using inside = await buildInside({ ...read.config, log: 'error', limits: 'off' })
    await fill(inside, asked, read.config.data)
    return 0
  } catch (error) {
    if (!(error instanceof CannotOpen || error instanceof NotDone)) throw error
    console.error(error.message)
    return 1
  }
}

interface Asked {
  readonly users: number
  readonly rooms: number
  readonly messages: number
  readonly tokens: string
  readonly data: string | undefined
}

function readSeed(args: readonly string[]): Asked | null {
  const text = { type: 'string' } as const
  try {
    const options = { users: text, rooms: text, messages: text, tokens: text, data: text }
    const { values } = parseArgs({ args: [...args], options })
    const [users, rooms, messages] = [values.users, values.rooms, values.messages].map(count)
    if (users === undefined || rooms === undefined || messages === undefined || !values.tokens) return null
    return { users, rooms: Math.max(rooms, 2), messages, tokens: values.tokens, data: values.data }
  } catch {
    return null
  }
}

const count = (word: string | undefined): number | undefined =>
  word !== undefined && /^\d{1,8}$/.test(word) ? Number(word) : undefined

async function fill(inside: Inside, asked: Asked, directory: string): Promise<void> {
  const { seq } = await inside.store.users({ after: null, limit: 1 })
  if (seq > 0)
    throw new NotDone(
      `${directory} is in use already. Seed a directory that is not there yet, or take this one away.`,
    )
  const now = inside.clock.now()
  const at = now - limits.logDays * 24 * 3600_000
  const password = randomBytes(9).toString('base64url')
  const owner = await setUp(inside, password)
  const hash = (await inside.store.credential(owner)) ?? ''
  const everyone = await inside.store.roomsForEveryone()
  const chance = chanceOf(20)
  const town = planTown({ ...asked, owner, everyone, hash, at }, chance)
  // Written first, and for its owner alone: these are keys.
  await writeFile(asked.tokens, town.tokens.map(token => `${token}\n`).join(''), { mode: 0o600 })
  const heads = new Map<string, number>()
  const write = writerOf(inside, heads)
  await write(town.rooms)
  await write(town.arrivals)
  await write(gathered(talk(asked.messages, town.places, now, chance)))
  await write(gathered(planReading(town.places, heads, now, chance)))
  console.log(
    `${directory} holds ${asked.users + 1} people, ${town.places.length} rooms and ${asked.messages} messages.\n` +
      `Sign in as "owner" with the password "${password}"; everybody else has it too. Tokens: ${asked.tokens}`,
  )
}

async function setUp(inside: Inside, password: string): Promise<UserId> {
  const input = {
    code: inside.setupCode,
    workspace: 'Trial',
    username: 'owner',
    password,
    displayName: 'Owner',
  }
  const origin = { address: '127.0.0.1', agent: 'seed' }
  const admission = Admission.of('workspace.setUp', null)
  if ('error' in admission) throw new NotDone(admission.error.message)
  const answer = await inside.calls('workspace.setUp', input, { admission, transport: 'http', origin })
  if ('error' in answer) throw new NotDone(answer.error.message)
  return (answer.ok as { me: { id: UserId } }).me.id
}

/** Writes changes, several on their way at once, those of one room in their order, and keeps each log's head. */
function writerOf(inside: Inside, heads: Map<string, number>): (changes: Iterable<Change>) => Promise<void> {
  const commit = async (change: Change): Promise<void> => {
    const outcome = await inside.store.commit(change)
    if (outcome.is !== 'done')
      throw new Error(`A change of the seed was not taken: ${JSON.stringify(outcome)}`)
    for (const { topic, seq } of outcome.appended) heads.set(topic, Math.max(seq, heads.get(topic) ?? 0))
  }
  return async changes => {
    const underway: Promise<void>[] = []
    for (const change of changes) {
      underway.push(commit(change))
      if (underway.length >= atOnce) await underway.shift()
    }
    await Promise.all(underway)
  }
}

/** Many appends as changes of a good size. */
function* gathered(appends: Iterable<Append>): Generator<Change> {
  let some: Append[] = []
  for (const append of appends) {
    some.push(append)
    if (some.length < together) continue
    yield { guards: [], appends: some, rows: [] }
    some = []
  }
  if (some.length > 0) yield { guards: [], appends: some, rows: [] }
}

/** How long the talk goes back: less than the logs are kept for. */
const spanMs = 60 * 24 * 3600_000

/** So many messages, oldest first, one after the other until `now`: a few rooms are busy, and a few people say most. */
function* talk(many: number, places: readonly SeedRoom[], now: number, chance: Chance): Generator<Append> {
  const newest = new Map<SeedRoom, MessageId>()
  for (let n = 0; n < many; n++) {
    const at = Math.floor(now - (spanMs * (many - n)) / many)
    const place = often(places, chance)
    const by = often(place.members, chance)
    const before = newest.get(place)
    const quote = before && chance.is(0.04) ? { quote: before } : {}
    const id = newId<MessageId>(at)
    newest.set(place, id)
    yield {
      topic: roomTopic(place.id),
      event: { e: 'message.posted', by, at, id, text: saying(chance), ...quote },
    }
  }
}

/** One of them, the first ones more often. */
function often<T>(things: readonly T[], chance: Chance): T {
  const half = chance.is(0.5) ? chance.number(things.length) + 1 : things.length
  return things[chance.number(half)] as T
}
