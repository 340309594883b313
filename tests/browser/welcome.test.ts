import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../support/app.ts'
import { setupCode, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, assertFits, composer, looks } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person

before(async () => ({ desk, server, alice } = await aliceAtDesk()))
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

for (const { colorScheme, viewport } of looks)
  test(`the screens of who is signed out are accessible, fit and are quiet: ${colorScheme}, ${viewport.width} px`, async () => {
    await using bare = await TestServer.bare()
    for (const [url, shows] of [
      [`${bare.url}/#code=${setupCode}`, 'Set up Confab'],
      [`${server.url}/`, 'Create an account'],
      [`${server.url}/#sign-in`, 'Password'],
      [`${server.url}/#sign-up`, 'Password'],
    ] as const) {
      await using browser = await desk.browser(url, { colorScheme, viewport })
      const page = await browser.newPage()
      await page.goto(url)
      await page.getByText(shows).first().waitFor()
      await assertAccessible(page, url)
      await assertFits(page, url)
    }
    desk.assertQuiet()
  })

test('while the server cannot tell who alice is, and nothing is kept, the page says so, and comes by itself when it can', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  let isAway = true
  const error = { code: 'unavailable', message: 'The server cannot store or read just now.', retryAfter: 1 }
  await page.route('**/api/me', route =>
    isAway ? route.fulfill({ status: 503, json: { error } }) : route.continue(),
  )
  await page.goto('/')
  await page.getByText('Can’t reach the server').waitFor()
  await assertAccessible(page, 'no server')
  isAway = false
  await composer(page).waitFor()
  desk.assertQuiet(/503/)
})

test('only where people were imported is it asked whether the owner is one of them', async () => {
  await using bare = await TestServer.bare()
  await using browser = await desk.browser(bare.url)
  const page = await browser.newPage()
  await page.goto(`/#code=${setupCode}`)
  await page.getByLabel('Username').waitFor()
  assert.equal(await page.getByText('Imported account').count(), 0)
  // As the server gives it out then (tests/import/people.test.ts).
  await page.route('**/', async route => {
    const answer = await route.fetch()
    const body = (await answer.text()).replace('content="setup"', 'content="imported"')
    await route.fulfill({ response: answer, body })
  })
  await page.reload()
  await page.getByLabel('Imported account').check()
  await page.getByText('An administrator of the imported chat').waitFor()
  desk.assertQuiet()
})

test('people that were imported after alice opened the set-up are asked about when she sends it', async () => {
  await using bare = await TestServer.bare()
  await using browser = await desk.browser(bare.url)
  const page = await browser.newPage()
  const error = { code: 'invalid', field: 'account', message: 'People were imported here.' }
  await page.route('**/api/setup', route => route.fulfill({ status: 400, json: { error } }))
  await page.goto(`/#code=${setupCode}`)
  await page.getByLabel('Workspace name').fill('Harbour')
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.keyboard.press('Enter')
  await page.getByLabel('Imported account').check()
  desk.assertQuiet(/400/)
})
