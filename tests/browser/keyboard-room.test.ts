import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { RoomId } from '../../contract/ids.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { assertAccessible, Desk, message } from '../support/desk.ts'
import { focused, isIn, menuTo, tabTo } from '../support/keyboard.ts'

let desk: Desk
let server: TestServer
let alice: Person

before(async () => {
  desk = await Desk.open()
  server = await TestServer.bare()
  const bob = await server.setUp('bob')
  alice = await server.signUp('alice')
  const { rooms } = await bob.call('rooms.list', {})
  const general = rooms.find(({ name }) => name === 'General')?.id as RoomId
  for (let n = 0; n < 160; n++) {
    const who = n % 2 === 0 ? bob : alice
    await who.says(
      general,
      `${n}: see https://example.org/${n} and [this](https://example.org)\n\`\`\`\ncode ${n}\n\`\`\``,
    )
  }
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** The list has come to its end: its last message is whole on the screen, and nothing leads there. */
const isAtEnd = (page: Page) =>
  page.waitForFunction(() => {
    const [list, last] = [document.querySelector('.list'), [...document.querySelectorAll('article')].at(-1)]
    if (!list || !last || document.querySelector('.jump')) return false
    return last.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom
  })

/** General as alice sees it, at its end, with the focus in the box. */
const opened = async () => {
  const at = await desk.at(server.url, '/rooms/general', alice.cookie)
  await message(at.page, '159: see').waitFor()
  await isIn(at.page, 'textarea')
  await isAtEnd(at.page)
  return at
}

test('what is typed before a dialog is there does nothing to the message that had the focus', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route(/\/assets\/Dialogs-/, async route => {
    await promise
    await route.continue()
  })
  await page.goto('/rooms/general')
  await message(page, '159: see').waitFor()
  await isIn(page, 'textarea')
  await isAtEnd(page)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Control+k')
  await page.keyboard.press('l')
  resolve()
  await page.getByRole('dialog').waitFor()
  assert.equal(await page.getByText('Link copied').count(), 0)
  desk.assertQuiet()
})

test('the list is one stop of the Tab key, and so is the bar of formats', async () => {
  await using at = await opened()
  const { page } = at
  await page.keyboard.press('Shift+Tab')
  assert.equal((await focused(page)).tag, 'ARTICLE')
  await page.keyboard.press('Shift+Tab')
  assert.equal((await focused(page)).inFeed, false)
  await page.keyboard.press('Tab')
  assert.equal((await focused(page)).tag, 'ARTICLE')
  // What is in the message that has the focus is reached from it, and what is in no other.
  for (let n = 0; n < 12 && (await focused(page)).inFeed; n++) await page.keyboard.press('Tab')
  assert.equal((await focused(page)).tag, 'TEXTAREA')
  await page.keyboard.press('Tab')
  assert.equal((await focused(page)).name, 'Bold')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  assert.equal((await focused(page)).name, 'Strikethrough')
  await page.keyboard.press('End')
  assert.equal((await focused(page)).name, 'Code block')
  await page.keyboard.press('ArrowRight')
  assert.equal((await focused(page)).name, 'Bold')
  await page.keyboard.press('Tab')
  assert.equal((await focused(page)).inBar, false)
  await assertAccessible(page, 'a room of many messages')
  desk.assertQuiet()
})

test('arrows, the page keys, Home and End go from message to message, and Escape back to the box', async () => {
  await using at = await opened()
  const { page } = at
  const number = async () => {
    await isIn(page, 'article')
    const text = await page.locator('article:focus .markdown').textContent()
    return Number(/^\d+/.exec(text ?? '')?.[0])
  }
  const press = (key: string) => page.keyboard.press(key)
  const isAt = (n: number) =>
    page
      .locator('article:focus .markdown')
      .getByText(new RegExp(`^${n}: see`))
      .first()
      .waitFor()
  await press('Shift+Tab')
  assert.equal(await number(), 159)
  await press('ArrowUp')
  await isAt(158)
  await press('ArrowUp')
  await isAt(157)
  await press('ArrowDown')
  await isAt(158)
  await press('PageUp')
  await page.locator('article:focus').filter({ hasNotText: '158: see' }).waitFor()
  const up = await number()
  assert.ok(up < 157 && up > 120, `${up}`)
  await press('Home')
  await page
    .locator('article:focus')
    .filter({ hasNotText: /1[2-5]\d: see/ })
    .waitFor()
  await press('End')
  await isAt(159)
  // The row that has the focus stays in the page, however far one scrolls.
  await page.getByRole('feed').hover()
  await page.mouse.wheel(0, -6_000)
  await message(page, '159: see').waitFor({ state: 'attached' })
  await isIn(page, 'article')
  // What leads back to the end is pressed, and is gone: the focus is not.
  await press('Escape')
  await isIn(page, 'textarea')
  await tabTo(page, /Jump to latest/, 'Shift+Tab')
  await press('Enter')
  await isAtEnd(page)
  await isIn(page, 'textarea')
  await press('Shift+Tab')
  await isIn(page, 'article')
  await page.mouse.wheel(0, -6_000)
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor()
  await isIn(page, 'article')
  for (const key of ['Shift+F10', 'ContextMenu']) {
    await press(key)
    await isIn(page, '[role=menuitem]')
    await press('Escape')
    await isIn(page, 'article')
  }
  await press('Escape')
  await isIn(page, 'textarea')
  const { setsize, posinset } = await page
    .getByRole('article')
    .last()
    .evaluate(row => ({
      setsize: row.getAttribute('aria-setsize'),
      posinset: row.getAttribute('aria-posinset'),
    }))
  assert.match(`${setsize} ${posinset}`, /^(-1|160) \d+$/)
  desk.assertQuiet()
})

test('Escape closes one dialog, and not the one that it was opened from', async () => {
  await using at = await desk.at(server.url, '/admin/people', (await server.signIn('bob')).cookie)
  const { page } = at
  await page.getByRole('button', { name: 'Manage alice' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click()
  await page.getByRole('dialog').nth(1).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').nth(1).waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('dialog').count(), 1)
  assert.ok(await page.getByRole('dialog').isVisible())
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  desk.assertQuiet()
})

test('Escape closes a dialog that a menu has opened, a menu, a panel, and the focus goes back to where it was', async () => {
  await using at = await opened()
  const { page } = at
  const key = (name: string) => page.keyboard.press(name)
  await key('Shift+Tab')
  await isIn(page, 'article')
  await key('Enter')
  await isIn(page, '[role=menuitem]')
  await menuTo(page, 'Delete')
  await key('Enter')
  await page.getByRole('dialog', { name: /Delete/ }).waitFor()
  await key('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await isIn(page, 'article')
  await tabTo(page, /Room actions/, 'Shift+Tab')
  await key('Enter')
  await isIn(page, '[role=menuitem]')
  await key('Escape')
  await isIn(page, '[aria-label="Room actions"]')
  await key('Enter')
  await isIn(page, '[role=menuitem]')
  await menuTo(page, 'Leave')
  await key('Enter')
  await page.getByRole('dialog').waitFor()
  await key('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await isIn(page, '[aria-label="Room actions"]')
  await tabTo(page, /Members/, 'Shift+Tab')
  await key('Enter')
  await page.getByRole('complementary').getByText('bob').waitFor()
  await tabTo(page, /Close/)
  await key('Escape')
  await page.getByRole('complementary').waitFor({ state: 'detached' })
  await isIn(page, '[aria-label="Members"]')
  desk.assertQuiet()
})

test('a menu that is opened again at once after it was closed has the focus in it', async () => {
  await using at = await opened()
  const { page } = at
  const button = page.getByRole('button', { name: 'Room actions' })
  await button.focus()
  await page.keyboard.press('Enter')
  await isIn(page, '[role=menuitem]')
  // The browser tells of both with one event, as it does when the keys come faster than its tasks.
  await button.evaluate((one: HTMLButtonElement) => {
    document.querySelector<HTMLElement>('.menu:popover-open')?.hidePopover()
    one.click()
  })
  await isIn(page, '[role=menuitem]')
  desk.assertQuiet()
})
