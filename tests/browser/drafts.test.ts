import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { composer, Desk, isKept, message, say, taken } from '../support/desk.ts'

let desk: Desk

before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

interface Scene extends AsyncDisposable {
  server: TestServer
  alice: Person
  bob: Person
  general: RoomId
  page: Page
}

/** Alice's page on General, and bob, who calls operations alone. */
async function scene(): Promise<Scene> {
  await using parts = new AsyncDisposableStack()
  const server = parts.use(await TestServer.bare())
  const alice = await server.setUp('alice')
  const bob = await server.signUp('bob')
  const { rooms } = await alice.call('rooms.list', {})
  const general = rooms.find(({ name }) => name === 'General')?.id as RoomId
  const browser = parts.use(await desk.browser(server.url, { cookie: alice.cookie }))
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await composer(page).waitFor()
  const held = parts.move()
  return { server, alice, bob, general, page, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** The box, whatever it is for just now. */
const box = (page: Page) => page.locator('.composer textarea')

/** Waits until this stands in the box. */
const holds = (page: Page, text: string) =>
  page.waitForFunction(wanted => document.querySelector('textarea')?.value === wanted, text)

const act = async (page: Page, text: string, label: string) => {
  await message(page, text).first().hover()
  await message(page, text).first().getByRole('button', { name: label, exact: true }).click()
}

const to = (page: Page, name: RegExp) => page.getByRole('navigation').getByRole('link', { name }).click()

/** Waits until what was typed is stored: only then does a reload find it. */
async function isStored(page: Page, text: string): Promise<void> {
  while (!(await page.evaluate(storedDrafts)).includes(text)) await page.waitForTimeout(50)
}

async function storedDrafts(): Promise<string> {
  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(new Error(String(request.error)))
    })
  const database = await asked(indexedDB.open('confab'))
  const drafts = await asked(database.transaction('drafts').objectStore('drafts').getAll())
  database.close()
  return JSON.stringify(drafts)
}

test('an edit stands beside the draft: saving, leaving and reloading lose neither', async () => {
  await using here = await scene()
  const { page } = here
  await say(page, 'Who brings the pumb?')
  await message(page, 'the pumb?').waitFor()
  await composer(page).fill('a waiting draft')
  await act(page, 'the pumb?', 'Edit')
  await holds(page, 'Who brings the pumb?')
  await box(page).fill('Who brings the pump?')
  await isStored(page, 'Who brings the pump?')
  await to(page, /Random/)
  await page.getByRole('textbox', { name: 'Message Random' }).waitFor()
  await to(page, /General/)
  await holds(page, 'Who brings the pump?')
  await page.reload()
  await holds(page, 'Who brings the pump?')
  await box(page).press('Escape')
  await holds(page, 'a waiting draft')
  await act(page, 'the pumb?', 'Edit')
  await box(page).fill('Who brings the pump?')
  await box(page).press('Enter')
  await message(page, 'the pump?').waitFor()
  await holds(page, 'a waiting draft')
  while ((await page.evaluate(storedDrafts)).includes('the pump?')) await page.waitForTimeout(50)
  await page.reload()
  await holds(page, 'a waiting draft')
  desk.assertQuiet()
})

test('two tabs share one draft, and what is sent in one does not stand in the other', async () => {
  await using here = await scene()
  const { page, alice, general } = here
  const other = await page.context().newPage()
  await other.goto('/rooms/general')
  await composer(other).waitFor()
  await composer(page).fill('said once')
  await holds(other, 'said once')
  await composer(other).press('Enter')
  await message(page, 'said once').waitFor()
  await holds(page, '')
  await composer(page).press('Enter')
  await say(page, 'the last word')
  await taken(other, 'the last word').waitFor()
  const { messages } = await alice.call('messages.list', { room: general })
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['said once', 'the last word'],
  )
  desk.assertQuiet()
})

test('the side bar marks a room with a draft, and lists a new conversation that has nothing else', async () => {
  await using here = await scene()
  const { page, alice, bob } = here
  const { room } = await alice.call('direct.open', { users: [bob.id] })
  await page.goto(`/rooms/${room.id}`)
  await composer(page).fill('dear bob')
  await to(page, /Random/)
  await page.getByRole('textbox', { name: 'Message Random' }).waitFor()
  await page.getByRole('link', { name: /bob.*Draft/ }).waitFor()
  await isStored(page, 'dear bob')
  await page.reload()
  await to(page, /bob.*Draft/)
  await holds(page, 'dear bob')
  await composer(page).fill('')
  await page.getByRole('link', { name: /Draft/ }).waitFor({ state: 'detached' })
  desk.assertQuiet()
})

test('a message that is changed elsewhere while alice edits it: she sees it, and saves hers or takes the other', async () => {
  await using here = await scene()
  const { page, alice, general } = here
  const { id } = await alice.says(general, 'at six')
  await act(page, 'at six', 'Edit')
  await box(page).fill('at seven, by the bridge')
  await alice.call('messages.edit', { id, text: 'at eight', was: 0 })
  await page.getByText('This message was changed meanwhile').waitFor()
  await page.locator('.composer').getByText('at eight').waitFor()
  await box(page).press('Enter')
  await holds(page, 'at seven, by the bridge')
  await page.getByRole('button', { name: 'Save mine' }).click()
  await taken(page, 'at seven, by the bridge').waitFor()
  await holds(page, '')
  await act(page, 'at seven', 'Edit')
  await box(page).fill('at nine')
  await alice.call('messages.edit', { id, text: 'at ten', was: 2 })
  await page.getByRole('button', { name: 'Use the new text' }).click()
  await holds(page, 'at ten')
  desk.assertQuiet()
})

test('a message that is deleted while alice edits it: her text can be sent as a new one', async () => {
  await using here = await scene()
  const { page, alice, general } = here
  const { id } = await alice.says(general, 'a mistake')
  await composer(page).fill('a waiting draft')
  await act(page, 'a mistake', 'Edit')
  await box(page).fill('no mistake')
  await alice.call('messages.remove', { id })
  await page.getByText('This message was deleted meanwhile').waitFor()
  await page.getByRole('button', { name: 'Send as a new message' }).click()
  await message(page, 'no mistake').waitFor()
  await holds(page, 'a waiting draft')
  desk.assertQuiet()
})

test('a quoted message that is edited or deleted meanwhile is shown so, and the answer goes without it', async () => {
  await using here = await scene()
  const { page, bob, general } = here
  const { id } = await bob.says(general, 'who comes?')
  await act(page, 'who comes?', 'Reply')
  await composer(page).fill('I do')
  const about = page.locator('.composer')
  await about.getByText('who comes?').waitFor()
  await bob.call('messages.edit', { id, text: 'who comes along?', was: 0 })
  await about.getByText('who comes along?').waitFor()
  await bob.call('messages.remove', { id })
  await about.getByText('The message you are answering was deleted').waitFor()
  await page.getByRole('button', { name: 'Send without the quote' }).click()
  await message(page, 'I do').waitFor()
  assert.equal(await message(page, 'I do').locator('.quote-line').count(), 0)
  await holds(page, '')
  desk.assertQuiet()
})

test('an answer whose quote was deleted before it arrived is sent without the quote from its failed row', async () => {
  await using here = await scene()
  const { page, bob, general } = here
  const { id } = await bob.says(general, 'who comes?')
  await isKept(page, 'who comes?')
  let offline = true
  const context = page.context()
  await context.route('**/api/**', route => (offline ? route.abort() : route.continue()))
  await context.routeWebSocket('**/ws', socket => void (offline ? socket.close() : socket.connectToServer()))
  await page.reload()
  await act(page, 'who comes?', 'Reply')
  await say(page, 'I do')
  await bob.call('messages.remove', { id })
  offline = false
  await page.reload()
  const failed = page.locator('article[data-state=failed]')
  await failed.getByText('The message it answers was deleted').waitFor()
  await failed.getByRole('button', { name: 'Send without the quote' }).click()
  await taken(page, 'I do').waitFor()
  const { messages } = await bob.call('messages.list', { room: general })
  const said = messages.find(({ text }) => text === 'I do') as { quote?: MessageId }
  assert.ok(said && said.quote === undefined)
  // Said over HTTP where the socket was not there yet.
  desk.assertQuiet(/ERR_FAILED|WebSocket|404 .*\/messages$/)
})
