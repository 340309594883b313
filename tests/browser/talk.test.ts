import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Person } from '../support/app.ts'
import { password, setupCode, TestServer } from '../support/app.ts'
import { composer, Desk, isKept, message, phone, say } from '../support/desk.ts'

let desk: Desk

before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

/** A workspace with alice, its owner, and bob, each with a page of their own on General. */
async function aliceAndBob(): Promise<{ server: TestServer; alice: Page; bob: Page } & AsyncDisposable> {
  await using parts = new AsyncDisposableStack()
  const server = parts.use(await TestServer.bare())
  const people = [await server.setUp('alice'), await server.signUp('bob')]
  const browsers = await Promise.all(people.map(({ cookie }) => desk.browser(server.url, { cookie })))
  for (const browser of browsers) parts.use(browser)
  const pages = await Promise.all(browsers.map(browser => browser.newPage()))
  await Promise.all(pages.map(page => page.goto('/rooms/general')))
  await Promise.all(pages.map(page => composer(page).waitFor()))
  const [alice, bob] = pages as [Page, Page]
  const held = parts.move()
  return { server, alice, bob, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

test('from the first run to a first message: alice sets up, bob signs up, and they talk', async () => {
  await using server = await TestServer.bare()
  await using hers = await desk.browser(server.url)
  await using his = await desk.browser(server.url)
  const alice = await hers.newPage()
  await alice.goto(`/#code=${setupCode}`)
  await alice.getByLabel('Workspace name').fill('Riverside')
  await alice.getByLabel('Username').fill('alice')
  await alice.getByLabel('Password', { exact: true }).fill(password)
  await alice.getByRole('button', { name: 'Create workspace' }).click()
  await composer(alice).waitFor()
  assert.equal(new URL(alice.url()).hash, '', 'the code does not stay in the address')
  const bob = await his.newPage()
  await bob.goto('/')
  await bob.getByText('Riverside').first().waitFor()
  await bob.getByText('Create an account').click()
  await bob.getByLabel('Username').fill('bob')
  await bob.getByLabel('Password', { exact: true }).fill(password)
  await bob.getByRole('button', { name: 'Create account' }).click()
  await composer(bob).waitFor()
  for (const page of [alice, bob]) await page.goto('/rooms/general')
  await say(alice, 'Hello **everybody**')
  await message(bob, 'Hello everybody').waitFor()
  assert.equal(await message(bob, 'Hello everybody').locator('strong').textContent(), 'everybody')
  await say(bob, 'Hello alice')
  await message(alice, 'Hello alice').waitFor()
  await alice.reload()
  await message(alice, 'Hello alice').waitFor()
  desk.assertQuiet()
})

test('bob sees alice type, edit, answer with a quote and delete', async () => {
  await using scene = await aliceAndBob()
  const { alice, bob } = scene
  await composer(alice).pressSequentially('Who brings the pumb?')
  await bob.getByText('alice is typing').waitFor()
  await composer(alice).press('Enter')
  await message(bob, 'the pumb?').waitFor()
  await composer(alice).press('ArrowUp')
  await alice.getByRole('textbox').last().fill('Who brings the pump?')
  await alice.getByRole('textbox').last().press('Enter')
  await message(bob, 'the pump?').waitFor()
  await message(bob, '(edited)').waitFor()
  await message(bob, 'the pump?').hover()
  await message(bob, 'the pump?').getByRole('button', { name: 'Reply' }).click()
  await say(bob, 'I do.')
  const answer = message(alice, 'I do.')
  await answer.getByText('Who brings the pump?').waitFor()
  await message(alice, 'the pump?').first().hover()
  await message(alice, 'the pump?').first().getByRole('button', { name: 'Message actions' }).click()
  await alice.getByRole('menuitem', { name: 'Delete' }).click()
  await alice.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await message(bob, 'Deleted message').waitFor()
  assert.equal(await bob.getByText('the pump?').count(), 0)
  desk.assertQuiet()
})

test('unread messages are counted while bob is elsewhere, and the line stands where he left off', async () => {
  await using scene = await aliceAndBob()
  const { server, alice, bob } = scene
  await say(alice, 'seen already')
  await message(bob, 'seen already').waitFor()
  await isRead(await server.signIn('bob'), await roomOf(server))
  await bob
    .getByRole('navigation')
    .getByRole('link', { name: /Random/ })
    .click()
  await bob.getByRole('heading', { name: 'Random' }).first().waitFor()
  await say(alice, 'one more')
  await say(alice, 'and another')
  await bob.getByRole('link', { name: /General.*2/ }).waitFor()
  assert.match(await bob.title(), /2/)
  await bob.getByRole('link', { name: /General/ }).click()
  await message(bob, 'and another').waitFor()
  await bob.getByText('New', { exact: true }).waitFor()
  await bob.getByRole('link', { name: 'General', exact: true }).waitFor()
  desk.assertQuiet()
})

test('what bob has read is read, though he leaves the page in that moment', async () => {
  await using scene = await aliceAndBob()
  const { server, alice, bob } = scene
  await bob.getByRole('link', { name: /Random/ }).click()
  await bob.getByRole('heading', { name: 'Random' }).first().waitFor()
  await say(alice, 'one more')
  const general = bob.getByRole('link', { name: /General.*1/ })
  await general.waitFor()
  await general.evaluate(function leaveWhenRead(link) {
    if (link.textContent?.includes('1')) requestAnimationFrame(() => leaveWhenRead(link))
    else location.assign('about:blank')
  })
  await general.click()
  await bob.waitForURL('about:blank')
  await isRead(await server.signIn('bob'), await roomOf(server))
  desk.assertQuiet()
})

test('a draft is there again after a reload, each room its own', async () => {
  await using scene = await aliceAndBob()
  const { alice } = scene
  await composer(alice).fill('half a thought')
  await alice.getByRole('link', { name: /Random/ }).click()
  await alice.getByRole('textbox', { name: 'Message Random' }).waitFor()
  assert.equal(await composer(alice).inputValue(), '')
  await alice.getByRole('link', { name: /General/ }).click()
  await alice.getByRole('textbox', { name: 'Message General' }).waitFor()
  await alice.waitForFunction(() => document.querySelector('textarea')?.value === 'half a thought')
  await alice.reload()
  await alice.waitForFunction(() => document.querySelector('textarea')?.value === 'half a thought')
  desk.assertQuiet()
})

test('[C1] [C3] [C4] what alice says offline waits as pending, outlives a reload, and is sent once and in order', async () => {
  await using scene = await aliceAndBob()
  const { alice, bob } = scene
  await say(alice, 'on a good line')
  await message(bob, 'on a good line').waitFor()
  await isKept(alice, 'on a good line')
  let offline = true
  await alice
    .context()
    .route('**/api/**', route => (offline ? route.abort('internetdisconnected') : route.continue()))
  await alice
    .context()
    .routeWebSocket('**/ws', socket => void (offline ? socket.close() : socket.connectToServer()))
  await alice.reload()
  await alice.getByText('your messages are sent when the connection is back').waitFor()
  await message(alice, 'on a good line').waitFor()
  const texts = ['first offline', 'second offline', 'third offline']
  for (const text of texts) await say(alice, text)
  await message(alice, 'third offline').waitFor()
  assert.equal(await message(alice, 'third offline').getAttribute('data-state'), 'pending')
  for (const text of texts) await message(alice, text).getByText('sending…').waitFor()
  await alice.reload()
  await message(alice, 'third offline').waitFor()
  assert.deepEqual(await alice.getByRole('feed').locator('[data-state=pending]').count(), 3)
  offline = false
  await alice.reload()
  await message(bob, 'third offline').waitFor()
  // A page that has drawn nothing yet has nothing pending either.
  await message(alice, 'third offline').waitFor()
  await alice.waitForFunction(() => document.querySelectorAll('[data-state=pending]').length === 0)
  for (const page of [alice, bob]) {
    const said = await page.getByRole('feed').getByRole('article').allInnerTexts()
    const these = said.flatMap(text => texts.filter(one => text.includes(one)))
    assert.deepEqual(these, texts)
  }
  desk.assertQuiet(/ERR_INTERNET_DISCONNECTED|WebSocket/)
})

test('[C5] two tabs that come back online together send what was said in either of them once', async () => {
  await using scene = await aliceAndBob()
  const { server, alice, bob } = scene
  const tab = await alice.context().newPage()
  await tab.goto('/rooms/general')
  await composer(tab).waitFor()
  await alice.context().setOffline(true)
  await say(alice, 'from the first tab')
  await say(tab, 'from the second tab')
  await alice.context().setOffline(false)
  for (const text of ['from the first tab', 'from the second tab']) await message(bob, text).waitFor()
  const { messages } = await (await server.signIn('bob')).call('messages.list', {
    room: await roomOf(server),
  })
  assert.deepEqual(messages.map(({ text }) => text).sort(), ['from the first tab', 'from the second tab'])
  desk.assertQuiet(/ERR_INTERNET_DISCONNECTED|WebSocket/)
})

test('signing out in one tab ends the other, and what was kept is gone', async () => {
  await using scene = await aliceAndBob()
  const { alice } = scene
  const tab = await alice.context().newPage()
  await tab.goto('/rooms/random')
  await composer(tab).waitFor()
  await alice.getByRole('button', { name: 'Account and settings' }).click()
  await alice.getByRole('menuitem', { name: 'Sign out' }).click()
  for (const page of [alice, tab]) await page.getByRole('link', { name: 'Sign in' }).waitFor()
  await tab.goto('/rooms/general')
  await tab.getByRole('link', { name: 'Sign in' }).waitFor()
  desk.assertQuiet()
})

test('[C2] what alice reads in the history does not move when new messages come', async () => {
  await using scene = await aliceAndBob()
  const { server, alice, bob } = scene
  const room = await roomOf(server)
  // Alice's own words from elsewhere: the list follows them, where it would stop at the first of others that she has not seen.
  const script = await server.signIn('alice')
  for (let n = 0; n < 200; n++)
    await script.call('messages.post', { id: newId<MessageId>(), room, text: `line ${n} of the history` })
  await message(alice, 'line 199').waitFor()
  const feed = alice.getByRole('feed')
  await feed.hover()
  for (let n = 0; n < 30; n++) await alice.mouse.wheel(0, -400)
  await alice
    .getByText(/Jump to latest|new message/)
    .first()
    .waitFor()
  await alice.waitForTimeout(600)
  const seen = await alice.evaluate(() => {
    const top = document.querySelector('[role=feed]')?.getBoundingClientRect().top ?? 0
    const row = [...document.querySelectorAll('article')].find(
      one => one.getBoundingClientRect().top > top + 100,
    )
    row?.setAttribute('data-test-kept', '')
    return { text: row?.textContent, y: row?.getBoundingClientRect().y }
  })
  for (let n = 0; n < 20; n++) await say(bob, `new ${n}\n\nof two lines`)
  await alice.getByText(/Next new · 20/).waitFor()
  const now = await alice.evaluate(() => {
    const row = document.querySelector('[data-test-kept]')
    return { text: row?.textContent, y: row?.getBoundingClientRect().y }
  })
  assert.equal(now.text, seen.text)
  assert.ok(Math.abs((now.y ?? 0) - (seen.y ?? -99)) <= 1, `${seen.y} became ${now.y}`)
  desk.assertQuiet()
})

test('on a phone one pane shows at a time, and back leads to the rooms', async () => {
  await using server = await TestServer.bare()
  const { cookie } = await server.setUp('alice')
  await using browser = await desk.browser(server.url, {
    cookie,
    viewport: phone,
    hasTouch: true,
    isMobile: true,
  })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await composer(page).waitFor()
  assert.equal(await page.getByRole('navigation').first().isVisible(), false)
  await composer(page).fill('from my phone')
  await page.getByRole('button', { name: 'Send' }).tap()
  await message(page, 'from my phone').waitFor()
  await page
    .getByRole('button', { name: /Back/ })
    .or(page.getByRole('link', { name: /Back/ }))
    .first()
    .click()
  await page.getByRole('link', { name: /Random/ }).click()
  await page.getByRole('textbox', { name: 'Message Random' }).waitFor()
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  assert.equal(wider, 0, 'nothing is wider than the screen')
  desk.assertQuiet()
})

/** Waits until the server knows that somebody has read all there is in a room. */
async function isRead(who: Person, id: RoomId): Promise<void> {
  for (let unread = 1; unread > 0; ) ({ unread } = await who.call('rooms.get', { id }))
}

async function roomOf(server: TestServer): Promise<RoomId> {
  const alice = await server.signIn('alice')
  const { rooms } = await alice.call('rooms.list', {})
  return rooms.find(({ name }) => name === 'General')?.id as RoomId
}
