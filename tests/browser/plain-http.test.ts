import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { password, setupCode, TestServer } from '../support/app.ts'
import { composer, Desk, message, say } from '../support/desk.ts'
import { freePort } from '../support/free-port.ts'

// A server in a home or an office, reached by its name without TLS: a page there has no secure context (W3C Secure Contexts, section 3.1), and with
// it no Clipboard API, service worker, Web Locks, crypto.subtle or crypto.randomUUID.
/** What the browser itself says of a page without TLS. */
const untrustworthy = /Cross-Origin-Opener-Policy header has been ignored/

let desk: Desk
let server: TestServer
let hers: BrowserContext

before(async () => {
  desk = await Desk.open()
  const port = await freePort()
  server = await TestServer.bare({ port: String(port), url: `http://chat.test:${port}` })
  hers = await desk.browser(server.url)
  const page = await hers.newPage()
  await page.goto(`/#code=${setupCode}`)
  await page.getByLabel('Workspace name').fill('Harbour')
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await composer(page).waitFor()
  await page.goto('/rooms/general')
  await say(page, 'A light in the night')
  await message(page, 'A light in the night').waitFor()
  await composer(page).fill('```\nlet x = 1\n```')
  await composer(page).press('Enter')
  await message(page, 'let x = 1').waitFor()
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** A page of alice's, who is signed in, on which `copied` is what was copied last. */
async function atHome(): Promise<{ page: Page; copied: () => Promise<string | undefined> }> {
  const page = await hers.newPage()
  await page.goto('/rooms/general')
  await composer(page).waitFor()
  assert.equal(await page.evaluate(() => isSecureContext || 'clipboard' in navigator), false)
  await page.evaluate(() => {
    document.addEventListener('copy', () => {
      const field = document.activeElement as HTMLTextAreaElement
      Object.assign(window, { copied: field.value })
    })
  })
  return { page, copied: () => page.evaluate(() => (window as { copied?: string }).copied) }
}

test('without TLS links, messages, code and tokens are copied all the same', async () => {
  const { page, copied } = await atHome()
  await page.getByRole('button', { name: 'Room actions' }).click()
  await page.getByRole('menuitem', { name: 'Copy link' }).click()
  await page.getByText('Link copied').waitFor()
  assert.equal(await copied(), page.url())
  await message(page, 'A light in the night').focus()
  await page.keyboard.press('c')
  await page.getByText('Text copied').waitFor()
  assert.equal(await copied(), 'A light in the night')
  await message(page, 'let x = 1').getByRole('button', { name: 'Copy code' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal((await copied())?.trim(), 'let x = 1')
  await goTo(page, 'Security')
  await page.getByRole('button', { name: 'Create token' }).click()
  const dialog = page.getByRole('dialog').last()
  await dialog.getByLabel('Name').fill('Weather bot')
  await dialog.getByRole('button', { name: 'Create token' }).click()
  const secret = await dialog.locator('code').textContent()
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
  await dialog.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal(await copied(), secret)
  desk.assertQuiet(untrustworthy)
})

test('a browser that copies nothing is told of, wherever something is to be copied', async () => {
  const { page } = await atHome()
  await page.evaluate(() => {
    document.execCommand = () => false
  })
  await message(page, 'let x = 1').getByRole('button', { name: 'Copy code' }).click()
  await page.getByText('didn’t allow copying').waitFor()
  desk.assertQuiet(untrustworthy)
})

test('without TLS alice writes in two tabs, and each says everything once', async () => {
  const { page } = await atHome()
  const other = await hers.newPage()
  await other.goto('/rooms/general')
  await composer(other).waitFor()
  await say(page, 'From one tab')
  await say(other, 'From the other')
  for (const tab of [page, other])
    for (const text of ['From one tab', 'From the other']) {
      await message(tab, text).waitFor()
      assert.equal(await message(tab, text).count(), 1)
    }
  desk.assertQuiet(untrustworthy)
})

/** Goes there by the switcher, so that the page is not loaded anew. */
async function goTo(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Rooms, people, commands').fill(name)
  await page.keyboard.press('Enter')
}
