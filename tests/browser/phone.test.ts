import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CDPSession, Locator } from 'playwright-core'
import { limits } from '../../contract/limits.ts'
import { password, TestServer } from '../support/app.ts'
import { assertAccessible, assertFits, composer, Desk, message, phone, say, taken } from '../support/desk.ts'

let desk: Desk

before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

/** A finger that rests on something until what that opens is there; `touchCancel`: the browser takes the press for its own, as Android does. */
async function pressLong(
  finger: CDPSession,
  on: Locator,
  until: Locator,
  end: 'touchEnd' | 'touchCancel' = 'touchEnd',
): Promise<void> {
  const box = await on.boundingBox()
  assert.ok(box)
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }]
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  await until.waitFor()
  await finger.send('Input.dispatchTouchEvent', { type: end, touchPoints: [] })
}

/** A finger that moves sideways, so many px. */
async function swipe(finger: CDPSession, from: { x: number; y: number }, by: number): Promise<void> {
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] })
  for (let n = 1; n <= 10; n++) {
    const touchPoints = [{ x: from.x + (by * n) / 10, y: from.y }]
    await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints })
  }
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

test('with a finger alone alice makes an account on a phone, says something, changes it and deletes it', async () => {
  await using server = await TestServer.bare()
  const bob = await server.setUp('bob')
  await using browser = await desk.browser(server.url, { viewport: phone, hasTouch: true, isMobile: true })
  const page = await browser.newPage()
  const finger = await browser.newCDPSession(page)
  await page.goto('/')
  await page.getByText('Create an account').tap()
  await page.getByLabel('Username').tap()
  await page.keyboard.insertText('alice')
  await page.getByLabel('Password', { exact: true }).tap()
  await page.keyboard.insertText(password)
  await assertFits(page, 'signing up')
  await page.getByRole('button', { name: 'Create account' }).tap()
  await page.getByRole('link', { name: /General/ }).tap()
  await composer(page).tap()
  await page.keyboard.insertText('from my phune')
  await page.getByRole('button', { name: 'Send' }).tap()
  const said = taken(page, 'from my phune')
  await said.waitFor()
  await assertFits(page, 'a room')
  // Changed from the sheet that a long press opens.
  await pressLong(finger, said, page.getByRole('menu'))
  await assertAccessible(page, 'the sheet of a message')
  await assertFits(page, 'the sheet of a message')
  await page.getByRole('menuitem', { name: 'Edit' }).tap()
  const box = page.getByRole('textbox').last()
  await page.waitForFunction(() => document.activeElement?.matches('textarea'))
  assert.equal(await box.inputValue(), 'from my phune')
  for (let n = 0; n < 'une'.length; n++) await page.keyboard.press('Backspace')
  await page.keyboard.insertText('one')
  await page.getByRole('button', { name: 'Save' }).tap()
  const changed = message(page, 'from my phone').filter({ hasText: '(edited)' })
  await changed.waitFor()
  // Deleted likewise.
  await pressLong(finger, changed, page.getByRole('menu'))
  await page.getByRole('menuitem', { name: 'Delete' }).tap()
  await assertFits(page, 'the question')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).tap()
  await message(page, 'from my phone').waitFor({ state: 'detached' })
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('textbox').evaluate(area => area === document.activeElement), false)
  const { rooms } = await bob.call('rooms.list', {})
  for (const { id } of rooms) {
    const { messages } = await bob.call('messages.list', { room: id })
    assert.deepEqual(messages, [])
  }
  await page.getByRole('button', { name: 'Back' }).tap()
  await page.getByRole('link', { name: /Random/ }).waitFor()
  desk.assertQuiet()
})

test('a key, or a click by what assists, chooses what a long press has opened, though no click followed the press', async () => {
  await using server = await TestServer.bare()
  const alice = await server.setUp('alice')
  await using browser = await desk.browser(server.url, {
    cookie: alice.cookie,
    viewport: phone,
    hasTouch: true,
    isMobile: true,
  })
  const page = await browser.newPage()
  const finger = await browser.newCDPSession(page)
  await page.goto('/rooms/general')
  await say(page, 'held for long')
  const said = taken(page, 'held for long')
  const edit = page.getByRole('menuitem', { name: 'Edit' })
  const choices = [
    () => edit.press('Enter'),
    // After the time in which a browser would have sent a click of the finger itself: this timer is behind the page's own.
    () =>
      edit.evaluate(async (item: HTMLElement) => {
        await new Promise(resolve => setTimeout(resolve, 500))
        item.click()
      }),
  ]
  for (const choose of choices) {
    await pressLong(finger, said, page.getByRole('menu'), 'touchCancel')
    await choose()
    await page.getByRole('button', { name: 'Save' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })
  }
  desk.assertQuiet()
})

test('on a phone each format is reached: the bar is swept sideways, and covers nothing', async () => {
  await using server = await TestServer.bare()
  const alice = await server.setUp('alice')
  for (const viewport of [phone, { width: 320, height: 640 }]) {
    await using browser = await desk.browser(server.url, {
      cookie: alice.cookie,
      viewport,
      hasTouch: true,
      isMobile: true,
    })
    const page = await browser.newPage()
    const finger = await browser.newCDPSession(page)
    await page.goto('/rooms/general')
    await composer(page).tap()
    const bar = page.getByRole('toolbar', { name: 'Formatting' })
    const box = await bar.boundingBox()
    assert.ok(box)
    // A button that is cut by the edge tells that there are more.
    assert.ok(await bar.evaluate(isCut), `${viewport.width}`)
    await swipe(finger, { x: box.x + box.width - 20, y: box.y + box.height / 2 }, -180)
    await page.waitForFunction(() => (document.querySelector('[role=toolbar]')?.scrollLeft ?? 0) > 0)
    for (const [name, text] of [
      ['List', '- '],
      ['List', ''],
      ['Quote', '> '],
    ] as const) {
      await bar.getByRole('button', { name }).tap()
      assert.equal(await composer(page).inputValue(), text)
      assert.ok(await composer(page).evaluate(area => area === document.activeElement))
    }
    const problem = page.locator('#composer-problem')
    await composer(page).fill('x'.repeat(limits.textBytes + 1))
    await problem.filter({ hasText: 'too long' }).waitFor()
    const [said, send] = [
      await problem.boundingBox(),
      await page.getByRole('button', { name: 'Send' }).boundingBox(),
    ]
    assert.ok(said && send && said.y + said.height <= send.y, 'what is wrong stands above the bar')
    await assertFits(page, `the box at ${viewport.width} px`)
  }
  desk.assertQuiet()
})

function isCut(bar: Element): boolean {
  const edge = bar.getBoundingClientRect().right
  return [...bar.children].some(button => {
    const { left, right } = button.getBoundingClientRect()
    return left < edge && right > edge
  })
}
