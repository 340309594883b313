import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { RoomId } from '../../contract/ids.ts'
import type { Person, TestServer } from '../support/app.ts'
import { password } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, composer, message, phone, say, taken } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person
let bob: Person
let general: RoomId

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
  bob = await server.signUp('bob')
  const { rooms } = await alice.call('rooms.list', {})
  const found = rooms.find(({ name }) => name === 'General')
  assert(found)
  general = found.id
  await bob.says(general, 'Good **morning** to [all](https://example.org), and `more`')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** Every part that is loaded when it is first opened: how one gets there, and what shows that it came. */
const parts: Record<
  string,
  { open: (page: Page) => Promise<unknown>; shows: (page: Page) => Promise<unknown> }
> = {
  RoomPanel: {
    open: page => page.getByRole('button', { name: 'Members' }).click(),
    shows: page => page.getByRole('button', { name: /^bob/ }).first().waitFor(),
  },
  Dialogs: {
    open: page => page.keyboard.press('Control+k'),
    shows: page => page.getByPlaceholder('Rooms, people, commands').waitFor(),
  },
  Browse: {
    open: page => visit(page, '/browse'),
    shows: page => page.getByRole('button', { name: 'Open Random' }).waitFor(),
  },
  Profile: { open: page => account(page, 'Profile'), shows: page => page.getByLabel('Username').waitFor() },
  Security: {
    open: page => visit(page, '/security'),
    shows: page => page.getByText('Tokens').first().waitFor(),
  },
  Preferences: {
    open: page => visit(page, '/preferences'),
    shows: page => page.getByText('Theme').first().waitFor(),
  },
  AdminPeople: {
    open: page => visit(page, '/admin/people'),
    shows: page => page.getByText('bob').last().waitFor(),
  },
  AdminRooms: {
    open: page => visit(page, '/admin/rooms'),
    shows: page => page.getByText('Random').last().waitFor(),
  },
  AdminWorkspace: {
    open: page => visit(page, '/admin/workspace'),
    shows: page => page.getByRole('textbox').first().waitFor(),
  },
}

/** Within the page, as a link would. */
const visit = (page: Page, path: string) =>
  page.evaluate(to => {
    history.pushState(null, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
  }, path)

async function account(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

for (const [name, { open, shows }] of Object.entries(parts))
  test(`${name} cannot be loaded: its place says so, the rest stands, and trying again brings it`, async () => {
    await using hers = await desk.browser(server.url, { cookie: alice.cookie })
    const page = await hers.newPage()
    const files = new RegExp(`/assets/${name}-`)
    await page.route(files, route => route.abort())
    await page.goto('/rooms/general')
    await composer(page).fill('half a thought')
    await open(page)
    await page.getByText('This part could not be loaded').first().waitFor()
    await page.getByRole('navigation').first().waitFor()
    await assertAccessible(page, `without ${name}`)
    await page.unroute(files)
    await page.getByRole('button', { name: 'Try again' }).click()
    await shows(page)
    desk.assertQuiet(/Failed to load|ERR_FAILED|could not be loaded|preload|dynamically imported/)
  })

/** What a translator does: every text node stands in an element of the translator's, now and whenever the page changes. */
async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const wrap = (root: Node) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      const texts: Text[] = []
      while (walker.nextNode()) texts.push(walker.currentNode as Text)
      for (const text of texts) {
        const parent = text.parentElement
        if (!parent || ['FONT', 'SCRIPT', 'STYLE', 'TEXTAREA', 'OPTION', 'TITLE'].includes(parent.tagName))
          continue
        const outer = document.createElement('font')
        const inner = document.createElement('font')
        // As Chrome does: the text in it is another node than the one that React knows.
        inner.textContent = text.data
        outer.append(inner)
        text.replaceWith(outer)
      }
    }
    const watcher = new MutationObserver(() => {
      watcher.disconnect()
      wrap(document.body)
      watcher.observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    wrap(document.body)
    watcher.observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

test('a page that is translated goes on: typing ends, messages come, change and go, rooms and screens are changed', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  await using his = await desk.browser(server.url, { cookie: bob.cookie })
  const [page, bobs] = [await hers.newPage(), await his.newPage()]
  await page.goto('/rooms/general')
  await bobs.goto('/rooms/general')
  await message(page, 'Good morning').waitFor()
  await translate(page)
  await composer(bobs).pressSequentially('I am here')
  await page.getByText('bob is typing').waitFor()
  await composer(bobs).press('Enter')
  await message(page, 'I am here').waitFor()
  await page.waitForFunction(() => document.querySelector('.typing')?.textContent === '')
  await say(page, 'Mine **own** words')
  // Only what the server has taken can be edited.
  await taken(page, 'Mine own words').waitFor()
  await composer(page).press('ArrowUp')
  await page.getByText('Editing your message').waitFor()
  await page.locator('textarea').fill('Changed words')
  await page.locator('textarea').press('Enter')
  // It is shown at once: the server has it when it is no longer being saved.
  await taken(page, 'Changed words').waitFor()
  const { messages } = await alice.call('messages.list', { room: general })
  const own = messages.find(({ text }) => text === 'Changed words')
  assert(own)
  await alice.call('messages.remove', { id: own.id })
  await message(page, 'Changed words').waitFor({ state: 'detached' })
  for (const { open, shows } of Object.values(parts)) {
    await open(page)
    await shows(page)
    await page.keyboard.press('Escape')
  }
  await visit(page, '/browse')
  await page.getByRole('button', { name: 'Leave Random' }).click()
  await page.keyboard.press('Escape')
  await visit(page, '/rooms/random')
  await composer(page).waitFor()
  await bob.says(general, 'One more for the count')
  await page.getByRole('link', { name: /General/ }).click()
  await message(page, 'One more for the count').waitFor()
  assert.equal(await page.getByText('Something went wrong here').count(), 0)
  desk.assertQuiet()
})

/** Cookies and site data are blocked: naming a storage throws, as in Chrome and Firefox. */
const blockStorage = () => {
  const refuse = () => {
    throw new DOMException('Access is denied for this document.', 'SecurityError')
  }
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(window, name, { get: refuse, configurable: true })
  Object.defineProperty(navigator, 'serviceWorker', { get: refuse })
  navigator.locks.request = () => Promise.reject(new DOMException('Denied.', 'SecurityError'))
  Object.defineProperty(window, 'BroadcastChannel', { value: refuse })
}

test('where storage is blocked the page works, says that nothing is kept, and changes its language', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie, viewport: phone })
  const page = await hers.newPage()
  await page.addInitScript(blockStorage)
  await page.goto('/rooms/general')
  await page.getByText('lets Confab store nothing').waitFor()
  await assertAccessible(page, 'storage blocked')
  await say(page, 'Said without storage')
  await taken(page, 'Said without storage').waitFor()
  const { messages } = await bob.call('messages.list', { room: general })
  assert.equal(messages.filter(({ text }) => text === 'Said without storage').length, 1)
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByText('lets Confab store nothing').waitFor({ state: 'detached' })
  await page.goto('/preferences')
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de')
  await page.getByRole('combobox', { name: 'Sprache' }).waitFor()
  desk.assertQuiet()
})

test('who is signed out signs in where storage is blocked', async () => {
  await using browser = await desk.browser(server.url)
  const page = await browser.newPage()
  await page.addInitScript(blockStorage)
  await page.goto('/#sign-in')
  await page.getByLabel('Username').fill('bob')
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('textbox', { name: 'Password' }).press('Enter')
  await composer(page).waitFor()
  desk.assertQuiet(/401/)
})

test('a browser of the oldest version that is built for shows links', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await hers.newPage()
  await page.addInitScript(() => {
    Object.assign(URL, { parse: undefined })
    Object.assign(Promise, { try: undefined })
  })
  await page.goto('/rooms/general')
  await page.getByRole('link', { name: 'all' }).first().waitFor()
  desk.assertQuiet()
})
