// Takes the README's pictures, docs/screenshot.png and docs/screenshot-dark.png: a real server on a temporary folder, people who
// talk over its API at times of a fixed day, and a browser in which one of them reads along. `npm run build` comes first.
import { once } from 'node:events'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import WebSocket from 'ws'
import type { MessageId, RoomId } from '../contract/ids.ts'
import { newId } from '../contract/ids.ts'
import { systemClock } from '../server/adapters/clock.ts'
import type { Person } from '../tests/support/app.ts'
import { TestServer } from '../tests/support/app.ts'
import { launchChromium } from '../tests/support/chromium.ts'
import type { Line, Where, Who } from './screenshot-story.ts'
import { before, cast, rooms, since } from './screenshot-story.ts'

const day = Date.UTC(2026, 10, 21)
const size = { width: 1440, height: 900 }
const docs = join(import.meta.dirname, '..', 'docs')

/** The server's time, set before each thing that happens. */
let now = day

const timeOf = ([days, time]: Line['at']) =>
  Date.parse(`${new Date(day - days * 86_400_000).toISOString().slice(0, 10)}T${time}Z`)

type People = Readonly<Record<Who, Person>>

async function gather(server: TestServer): Promise<People> {
  const people: Partial<Record<Who, Person>> = {}
  for (const [name, { displayName, status }] of Object.entries(cast)) {
    const who = name as Who
    const person = who === 'anna' ? await server.setUp(who) : await server.signUp(who)
    await person.call('me.change', { displayName, status })
    people[who] = person
  }
  const all = people as People
  await all.anna.call('workspace.change', { name: 'Riverside Cycling Club' })
  await all.anna.call('users.change', { id: all.mira.id, role: 'administrator' })
  return all
}

async function openRooms(people: People): Promise<(where: Where) => RoomId> {
  const { anna } = people
  const { rooms: there } = await anna.call('rooms.list', {})
  const ids = new Map<Where, RoomId>()
  for (const [key, { name, kind, topic }] of Object.entries(rooms)) {
    const others = Object.values(people).filter(person => person !== anna)
    const id = there.find(room => room.name === name)?.id ?? (await anna.room(name, kind, others))
    if (topic) await anna.call('rooms.change', { id, topic })
    ids.set(key as Where, id)
  }
  const direct = async (where: Where, ...others: readonly Person[]) => {
    // Each opens it, so that any of them may write first.
    const all = [anna, ...others]
    for (const person of all) {
      const { room } = await person.call('direct.open', { users: all.map(({ id }) => id) })
      ids.set(where, room.id)
    }
  }
  await direct('with mira', people.mira)
  await direct('with tomas', people.tomas)
  await direct('with jun and priya', people.jun, people.priya)
  return where => {
    const id = ids.get(where)
    if (!id) throw new Error(`The story has no room ${where}.`)
    return id
  }
}

/** Says the lines of a story, each at its time. */
async function tell(story: readonly Line[], people: People, roomOf: (where: Where) => RoomId): Promise<void> {
  for (const { at, where, who, text, name, answers } of story) {
    now = timeOf(at)
    const id = newId<MessageId>(now)
    if (name) named.set(name, id)
    const quote = answers === undefined ? undefined : named.get(answers)
    await people[who].call('messages.post', { id, room: roomOf(where), text, ...(quote && { quote }) })
  }
}
const named = new Map<string, MessageId>()

/** Reads all rooms to their ends. The marker in one of them is given back. */
async function readEverything(person: Person, room: RoomId): Promise<number> {
  const { rooms: all } = await person.call('rooms.list', { which: 'mine' })
  for (const { id, last } of all) if (last) await person.call('reads.move', { id, seq: last.seq })
  return all.find(({ id }) => id === room)?.last?.seq ?? 0
}

/** Somebody who is there: online, and able to type. */
async function appear(server: TestServer, person: Person): Promise<WebSocket> {
  const address = `${server.url.replace('http', 'ws')}/ws`
  const socket = new WebSocket(address, 'confab.v1', {
    headers: { cookie: person.cookie, origin: server.url },
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ t: 'hello', v: 1, cursors: {} }))
  await once(socket, 'message')
  return socket
}

async function shoot(
  browser: Browser,
  server: TestServer,
  reader: Person,
  options: { dark: boolean; file: string; typing: () => void },
): Promise<void> {
  const context = await browser.newContext({
    viewport: size,
    deviceScaleFactor: 2,
    colorScheme: options.dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  const [name = '', value = ''] = reader.cookie.split('=')
  await context.addCookies([{ name, value, url: server.url }])
  await context.clock.setFixedTime(now)
  const page = await context.newPage()
  await page.goto(`${server.url}/rooms/general`)
  await page.getByText('needs the exercise').waitFor()
  await page.getByRole('button', { name: 'Members' }).click()
  await page.locator('.room-panel').getByText('Lena Vogt').waitFor()
  options.typing()
  await page.getByText('is typing').waitFor()
  await page.screenshot({ path: join(docs, options.file), animations: 'disabled' })
  await context.close()
}

await using server = await TestServer.bare({}, { clock: { ...systemClock, now: () => now } })
now = timeOf([9, '10:00'])
const people = await gather(server)
const roomOf = await openRooms(people)
await tell(before, people, roomOf)
const left = await readEverything(people.anna, roomOf('general'))
await tell(since, people, roomOf)
now = timeOf([0, '09:17'])

const here = [people.tomas, people.mira, people.jun, people.lena]
const sockets = await Promise.all(here.map(person => appear(server, person)))
const typing = () => sockets[0]?.send(JSON.stringify({ t: 'signal', s: 'typing', room: roomOf('general') }))
const browser = await launchChromium()
try {
  await shoot(browser, server, people.anna, { dark: false, file: 'screenshot.png', typing })
  // The first one read what was new.
  await people.anna.call('reads.back', { id: roomOf('general'), seq: left })
  await shoot(browser, server, people.anna, { dark: true, file: 'screenshot-dark.png', typing })
} finally {
  await browser.close()
  for (const socket of sockets) socket.terminate()
}
