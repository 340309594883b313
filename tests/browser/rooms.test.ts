import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { ServerFrame } from '../../contract/frames.ts'
import { newId } from '../../contract/ids.ts'
import type { Person, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, composer, message, press } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person
let bob: Person

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
  bob = await server.signUp('bob')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const at = (path: string, person: Person) => desk.at(server.url, path, person.cookie)

const openMenu = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'Room actions' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** Stands between a page and its socket, and may keep back what is answered there, while events go through. Before the page is opened. */
async function holdAnswers(page: Page): Promise<{ hold(): void; letGo(): void }> {
  let holds = false
  const held: (() => void)[] = []
  await page.routeWebSocket('**', line => {
    line.connectToServer().onMessage(data => {
      const isAnswer = (JSON.parse(String(data)) as ServerFrame).t === 'reply'
      if (isAnswer && holds) held.push(() => line.send(data))
      else line.send(data)
    })
  })
  return {
    hold: () => {
      holds = true
    },
    letGo: () => {
      for (const sent of held.splice(0)) sent()
      holds = false
    },
  }
}

test('bob creates a room and stands in it; a taken name is told at its field', async () => {
  await using his = await at('/browse', bob)
  const { page } = his
  await page.getByRole('button', { name: 'New room' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('general')
  await page.keyboard.press('Enter')
  await page.getByText('A public room with this name already exists').waitFor()
  await page.getByRole('dialog').getByLabel('Name').fill('Saturday rides')
  await page.keyboard.press('Enter')
  await composer(page).waitFor()
  assert.match(new URL(page.url()).pathname, /^\/rooms\/saturday-rides-[0-9a-f-]{36}$/)
  desk.assertQuiet()
})

test('alice searches the rooms, joins one and leaves it', async () => {
  await bob.room('Workshop')
  await bob.room('Committee', 'private')
  await using hers = await at('/browse', alice)
  const { page } = hers
  await page.getByLabel('Search rooms').fill('work')
  await page.getByRole('button', { name: 'Join Workshop' }).click()
  await page.getByRole('button', { name: 'Open Workshop' }).waitFor()
  await page.getByText('2 members').waitFor()
  await page.getByRole('button', { name: 'Leave Workshop' }).click()
  await press(page, 'Leave')
  await page.getByRole('button', { name: 'Join Workshop' }).waitFor()
  await page.getByLabel('Search rooms').fill('Committee')
  await page.getByText('No rooms found').waitFor()
  desk.assertQuiet()
})

test('bob adds alice by keys alone, makes her a manager, and removes her', async () => {
  const room = await bob.room('Crew', 'private')
  await using his = await at(`/rooms/${room}`, bob)
  const { page } = his
  await composer(page).waitFor()
  // An empty room that others cannot find asks who is to be in it.
  await page.getByRole('article', { name: 'Crew' }).getByRole('button', { name: 'Add people' }).click()
  await page.getByRole('combobox').waitFor()
  await page.keyboard.type('ali')
  await page.keyboard.press('Enter')
  await assertAccessible(page, 'adding people')
  await press(page, 'Add one person')
  await page.getByText('One person was added').waitFor()
  assert.equal((await alice.call('rooms.get', { id: room })).membership?.role, 'member')
  await page.getByRole('button', { name: 'Members' }).click()
  await page.getByRole('button', { name: /^alice/ }).click()
  await press(page, 'Make manager')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove as manager' }).waitFor()
  await assertAccessible(page, 'a person in a room')
  assert.equal((await alice.call('rooms.get', { id: room })).membership?.role, 'manager')
  await press(page, 'Remove from room')
  await press(page, 'Remove from room')
  // Two lie over each other, and both go.
  await page.waitForFunction(() => document.querySelector('dialog') === null)
  assert.equal((await alice.call('rooms.get', { id: room })).membership, null)
  desk.assertQuiet()
})

test('bob renames his room, opens it to all after a warning, and archives it', async () => {
  const room = await bob.room('Ideas', 'private')
  await using his = await at(`/rooms/${room}`, bob)
  const { page } = his
  await composer(page).waitFor()
  await openMenu(page, 'Room settings')
  await page.getByRole('dialog').getByLabel('Topic').fill('What we might do')
  await press(page, 'Save')
  await page.getByText('Saved', { exact: true }).waitFor()
  await press(page, 'Make public')
  await page.getByText('read everything ever posted in it').waitFor()
  await press(page, 'Make public')
  await page.getByRole('button', { name: 'Make private' }).waitFor()
  await press(page, 'Archive')
  await page.getByText('Archive Ideas for everyone?').waitFor()
  assert.equal((await alice.call('rooms.get', { id: room })).room.archived, false)
  await press(page, 'Archive')
  await page.getByRole('button', { name: 'Unarchive' }).waitFor()
  const { room: now } = await alice.call('rooms.get', { id: room })
  assert.deepEqual([now.kind, now.topic, now.archived], ['public', 'What we might do', true])
  desk.assertQuiet()
})

test('what bob is asked stays as it was asked, when the event of it is there before its answer', async () => {
  const room = await bob.room('Plans for all', 'private')
  await using his = await desk.browser(server.url, { cookie: bob.cookie })
  const page = await his.newPage()
  const answers = await holdAnswers(page)
  await page.goto(`/rooms/${room}`)
  await openMenu(page, 'Room settings')
  await press(page, 'Make public')
  const question = page.getByRole('dialog').last()
  await question.getByText('read everything ever posted in it').waitFor()
  answers.hold()
  await press(page, 'Make public')
  await page.locator('.acts').getByRole('button', { name: 'Make private' }).waitFor()
  await page.getByRole('heading', { name: 'Make “Plans for all” public?' }).waitFor()
  await page.getByText('read everything ever posted in it').waitFor()
  answers.letGo()
  await page.getByText('read everything ever posted in it').waitFor({ state: 'detached' })
  desk.assertQuiet()
})

test('who reads an empty room without being in it is not invited to write there', async () => {
  const room = await bob.room('Echo')
  await using hers = await at(`/rooms/${room}`, alice)
  const { page } = hers
  await page.getByText('No messages yet.', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Join room' }).click()
  await page.getByText('No messages yet. Say hello!').waitFor()
  desk.assertQuiet()
})

test('bob starts talking with alice', async () => {
  await using his = await at('/direct/new', bob)
  const { page } = his
  await page.getByRole('combobox').waitFor()
  await page.keyboard.type('alice')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove alice' }).waitFor()
  // Nothing is typed any more: the same key begins.
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'alice', level: 1 }).waitFor()
  await composer(page).waitFor()
  desk.assertQuiet()
})

test('bob deletes a conversation: it is gone from his list, and begins anew with the next message; alice keeps hers', async () => {
  const { room } = await alice.call('direct.open', { users: [bob.id] })
  await alice.says(room.id, 'The first thing said.')
  await using his = await at(`/rooms/${room.id}`, bob)
  const { page } = his
  await page.getByText('The first thing said.').waitFor()
  await openMenu(page, 'Delete conversation')
  const dialog = page.getByRole('dialog', { name: /conversation with alice/ })
  await dialog.waitFor()
  await assertAccessible(page, 'deleting a conversation')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.waitFor({ state: 'detached' })
  const link = page.getByRole('navigation').getByRole('link', { name: /alice/ })
  await link.waitFor({ state: 'detached' })
  await alice.says(room.id, 'The second.')
  await link.click()
  await page.getByText('The second.').waitFor()
  assert.equal(await page.getByText('The first thing said.').count(), 0)
  const { messages } = await alice.call('messages.list', { room: room.id })
  assert.equal(messages.length, 2)
})

test('a room is renamed while bob looks at it: he stays, his box keeps its words, and old addresses lead to it still', async () => {
  const room = await alice.room('Old hall', 'public', [bob])
  await alice.says(room, 'In the hall')
  await using his = await at('/rooms/old-hall', bob)
  const { page } = his
  await message(page, 'In the hall').waitFor()
  const before = new URL(page.url()).pathname
  assert.equal(before, `/rooms/old-hall-${room}`)
  await composer(page).fill('half a thought')
  await alice.call('rooms.change', { id: room, name: 'New hall' })
  await page.waitForURL(`**/rooms/new-hall-${room}`)
  await page.getByRole('heading', { name: 'New hall' }).first().waitFor()
  assert.equal(await composer(page).inputValue(), 'half a thought')
  const other = await alice.room('Old hall', 'public', [bob])
  await page.goto(before)
  await message(page, 'In the hall').waitFor()
  await page.goto('/rooms/old-hall')
  await page.waitForURL(`**/rooms/old-hall-${other}`)
  await alice.call('rooms.change', { id: other, name: 'Elsewhere' })
  await page.goto('/rooms/old-hall')
  await page.waitForURL(`**/rooms/elsewhere-${other}`)
  desk.assertQuiet()
})

test('bob reads a public room that he is not in: it is not called empty above its messages, and is where it is', async () => {
  const full = await alice.room('Full', 'public')
  const empty = await alice.room('Bare', 'public')
  await alice.says(full, 'Something was said')
  await using his = await at(`/rooms/${full}`, bob)
  const { page } = his
  await message(page, 'Something was said').waitFor()
  assert.equal(await page.getByText('No messages yet').count(), 0)
  await page.goto(`/rooms/${empty}`)
  await page.getByText('No messages yet').waitFor()
  desk.assertQuiet()
})

test('a room that does not exist is offered to be created: by its address, a search, and on the page of all rooms', async () => {
  await using his = await at('/rooms/tea-club', bob)
  const { page } = his
  const name = page.getByRole('dialog').getByLabel('Name')
  const offer = page.getByRole('button', { name: 'Create the room “tea-club”' })
  const { y = 0, height = 0 } = (await offer.boundingBox()) ?? {}
  assert.ok(y > 300 && y + height < 600, `it stands at ${y} of 900 px, not in the middle`)
  await offer.click()
  await name.waitFor()
  assert.equal(await name.inputValue(), 'tea-club')
  await page.keyboard.press('Escape')
  await page.goto('/browse')
  await page.getByLabel('Search rooms').fill('Chess at noon')
  await page.getByRole('button', { name: 'Create the room “Chess at noon”' }).click()
  assert.equal(await name.inputValue(), 'Chess at noon')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('Zither circle')
  const create = page.getByRole('option', { name: 'Create the room “Zither circle”' })
  await create.waitFor()
  // Enter alone makes no room: one goes to the offer first.
  await page.keyboard.press('Enter')
  assert.equal(await create.getAttribute('aria-selected'), 'false')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  assert.equal(await name.inputValue(), 'Zither circle')
  await page.keyboard.press('Enter')
  await composer(page).waitFor()
  assert.match(new URL(page.url()).pathname, /^\/rooms\/zither-circle-/)
  await page.goto(`/rooms/${newId()}`)
  await page.getByText('Room not found').waitFor()
  assert.equal(await page.getByRole('button', { name: /Create the room/ }).count(), 0)
  desk.assertQuiet()
})
