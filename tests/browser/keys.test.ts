import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { TestServer } from '../support/app.ts'
import { composer, Desk, message, phone, taken } from '../support/desk.ts'

let desk: Desk

before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

/** Presses a key as another keyboard layout gives it: `key` is what it writes, `code` where it stands. */
const pressed = (page: Page, key: string, code: string, ctrlKey = true) =>
  page.evaluate(
    init => {
      const event = new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true })
      ;(document.activeElement ?? document.body).dispatchEvent(event)
      return event.defaultPrevented
    },
    { key, code, ctrlKey },
  )

test('on a phone a real keyboard sends with Enter, and one on the screen breaks the line; Ctrl+Enter always sends', async () => {
  await using server = await TestServer.bare()
  const { cookie } = await server.setUp('alice')
  const touch = { cookie, screen: phone, hasTouch: true, isMobile: true }
  await using browser = await desk.browser(server.url, { ...touch, viewport: phone })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await composer(page).fill('from a real keyboard')
  await composer(page).press('Enter')
  await message(page, 'from a real keyboard').waitFor()
  await composer(page).fill('one')
  await composer(page).press('Shift+Enter')
  assert.equal(await composer(page).inputValue(), 'one\n')
  // A key that names no place is none of a real keyboard.
  await composer(page).fill('one')
  assert.equal(await pressed(page, 'Enter', '', false), false)
  // Half of the screen is covered.
  await page.evaluate(() => Object.defineProperty(visualViewport, 'height', { value: 420 }))
  await composer(page).press('Enter')
  await composer(page).pressSequentially('two')
  assert.equal(await composer(page).inputValue(), 'one\ntwo')
  await composer(page).press('Control+Enter')
  await message(page, 'two').waitFor()
  desk.assertQuiet()
})

test('alice chooses what Enter does, and it is so after a reload', async () => {
  await using server = await TestServer.bare()
  const { cookie } = await server.setUp('alice')
  await using browser = await desk.browser(server.url, { cookie })
  const page = await browser.newPage()
  await page.goto('/preferences')
  await page.getByRole('radio', { name: /Enter breaks the line/ }).check()
  await page.goto('/rooms/general')
  await composer(page).fill('one')
  await composer(page).press('Enter')
  await composer(page).pressSequentially('two')
  assert.equal(await composer(page).inputValue(), 'one\ntwo')
  await composer(page).press('Control+Enter')
  await message(page, 'two').waitFor()
  desk.assertQuiet()
})

test('shortcuts work on a Cyrillic layout: the switcher, bold, and the keys of a message', async () => {
  await using server = await TestServer.bare()
  const alice = await server.setUp('alice')
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await composer(page).fill('слово')
  await composer(page).selectText()
  assert.ok(await pressed(page, 'и', 'KeyB'))
  assert.equal(await composer(page).inputValue(), '**слово**')
  await composer(page).press('Enter')
  // Until the server has it, there is nothing to be done with it.
  const sent = taken(page, 'слово')
  await sent.focus()
  assert.ok(await pressed(page, 'к', 'KeyR', false))
  await page.locator('.composer .quoted').waitFor()
  assert.ok(await pressed(page, 'л', 'KeyK'))
  await page.getByRole('dialog').waitFor()
  desk.assertQuiet()
})
