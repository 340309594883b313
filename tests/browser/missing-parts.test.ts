import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Person, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, composer, message, say } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person

before(async () => ({ desk, server, alice } = await aliceAtDesk()))
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** Within the page, as a link would. */
const visit = (page: Page, path: string) =>
  page.evaluate(to => {
    history.pushState(null, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
  }, path)

test('a part that a newer page took the place of is not there any more: trying again loads the page anew', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await hers.newPage()
  let asked = 0
  await page.route(/\/assets\/Browse-.*js$/, route =>
    // Asked for twice before the page is loaded anew: at first, and by trying again.
    asked++ < 2 ? route.fulfill({ status: 404, body: '' }) : route.continue(),
  )
  await page.goto('/rooms/general')
  await composer(page).waitFor()
  await visit(page, '/browse')
  await page.getByText('This part could not be loaded').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Open Random' }).waitFor()
  desk.assertQuiet(/Failed to load|404|could not be loaded|dynamically imported/)
})

test('what is typed into a form is not lost for a part that is not there any more: the page is loaded anew when one asks for it', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await hers.newPage()
  let isThere = false
  await page.route(/\/assets\/Dialogs-.*js$/, route =>
    isThere ? route.continue() : route.fulfill({ status: 404, body: '' }),
  )
  await page.goto('/profile')
  const field = page.getByLabel('First name')
  await field.fill('typed')
  await page.keyboard.press('Control+k')
  await page.getByText('This part could not be loaded').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Reload' }).count(), 0)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('This needs a reload').waitFor()
  await assertAccessible(page, 'a part that only a reload brings')
  assert.equal(await field.inputValue(), 'typed')
  isThere = true
  page.once('dialog', dialog => dialog.accept())
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reload' }).click()])
  await field.waitFor()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Rooms, people, commands').waitFor()
  desk.assertQuiet(/Failed to load|404|could not be loaded|dynamically imported/)
})

test('what only stands in a search keeps no page from being loaded anew for a part that is not there any more', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await hers.newPage()
  let isThere = false
  await page.route(/\/assets\/Dialogs-.*js$/, route =>
    isThere ? route.continue() : route.fulfill({ status: 404, body: '' }),
  )
  await page.goto('/browse')
  await page.getByLabel('Search rooms').fill('Random')
  await page.keyboard.press('Control+k')
  await page.getByText('This part could not be loaded').waitFor()
  page.once('framenavigated', () => {
    isThere = true
  })
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Try again' }).click()])
  await page.getByRole('button', { name: 'Open Random' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Rooms, people, commands').waitFor()
  desk.assertQuiet(/Failed to load|404|could not be loaded|dynamically imported/)
})

test('a part that does not come while the server is away comes by trying again, without loading the page anew', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await hers.newPage()
  await page.route(/\/assets\/Browse-/, route => route.abort())
  await page.route(
    url => url.pathname === '/',
    route => (route.request().method() === 'HEAD' ? route.abort() : route.continue()),
  )
  await page.goto('/rooms/general')
  await composer(page).waitFor()
  await page.evaluate(() => Object.assign(window, { isTheSame: true }))
  await visit(page, '/browse')
  await page.getByText('This part could not be loaded').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('This part could not be loaded').waitFor()
  await page.unroute(/\/assets\/Browse-/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Open Random' }).waitFor()
  assert.equal(await page.evaluate(() => 'isTheSame' in window), true)
  desk.assertQuiet(/Failed to load|ERR_FAILED|could not be loaded|preload|dynamically imported/)
})

test('a link whose words name another host says where it leads; while the part that compares them is missing, every link does', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await hers.newPage()
  await page.goto('/rooms/general')
  await say(page, '[see/bank.example](https://evil.example/) and [words](https://example.org/)')
  const links = page.locator('.message').last().getByRole('link')
  await page.getByText('(evil.example)').waitFor()
  assert.deepEqual(await links.allTextContents(), ['see/bank.example (evil.example)', 'words'])
  await page.route(/\/assets\/hidden-host-.*js$/, route => route.fulfill({ status: 404, body: '' }))
  await page.reload()
  await page.getByText('(example.org)').waitFor()
  assert.deepEqual(await links.allTextContents(), ['see/bank.example (evil.example)', 'words (example.org)'])
  desk.assertQuiet(/Failed to load|404|dynamically imported/)
})

test('until what reads marks has come, a text stands as it was typed; it is asked for again', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await hers.newPage()
  let isThere = false
  await page.route(/\/assets\/Markdown-.*js$/, route =>
    isThere ? route.continue() : route.fulfill({ status: 404, body: '' }),
  )
  await page.goto('/rooms/general')
  await say(page, 'Two\n**bold** lines')
  await message(page, '**bold** lines').waitFor()
  isThere = true
  await page.locator('article strong').getByText('bold').waitFor()
  desk.assertQuiet(/Failed to load|404|dynamically imported/)
})
