import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Person, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import {
  aliceAtDesk,
  assertAccessible,
  assertFits,
  composer,
  looks,
  message,
  phone,
} from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** The page of General with the picker open. */
async function openPicker(page: Page): Promise<void> {
  await page.goto('/rooms/general')
  await composer(page).waitFor()
  await page.getByRole('button', { name: 'Insert emoji' }).click()
  await page.getByRole('gridcell').first().waitFor()
}

test('alice finds an emoji by typing, picks it by keyboard where her caret is, and finds it again among the recent ones', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await composer(page).fill('Well done, all')
  for (let n = 0; n < 4; n++) await composer(page).press('ArrowLeft')
  await page.getByRole('button', { name: 'Insert emoji' }).click()
  await page.getByRole('combobox', { name: 'Search emoji' }).pressSequentially('part')
  await page.getByRole('gridcell', { name: 'party popper' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  const found = page.getByRole('gridcell', { selected: true })
  const name = await found.getAttribute('aria-label')
  const char = await found.textContent()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.equal(await composer(page).inputValue(), `Well done,${char} all`)
  await page.keyboard.type('!')
  assert.equal(await composer(page).inputValue(), `Well done,${char}! all`, 'the caret stands behind it')
  await composer(page).press('Enter')
  await message(page, 'Well done').waitFor()
  await page.getByRole('button', { name: 'Insert emoji' }).click()
  assert.equal(await page.getByRole('gridcell').first().getAttribute('aria-label'), name)
  desk.assertQuiet()
})

test('the keys move over the groups, a group is jumped to, and Escape leaves without picking', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await openPicker(page)
  const current = page.getByRole('gridcell', { selected: true })
  const before = await current.getAttribute('id')
  for (let n = 0; n < 30; n++) await page.keyboard.press('ArrowDown')
  await current.waitFor()
  assert.notEqual(await current.getAttribute('id'), before)
  assert.ok(await current.isVisible(), 'the list follows the keys')
  await page.getByRole('button', { name: 'Flags' }).click()
  await page
    .getByRole('gridcell', { name: 'flag: Germany' })
    .or(page.getByRole('gridcell', { name: 'chequered flag' }))
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.equal(await composer(page).inputValue(), '')
  desk.assertQuiet()
})

test('a shortcode becomes its emoji when its last colon is typed, but not in code; undoing brings it back', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  const box = composer(page)
  await box.pressSequentially('Done :tada:')
  await box.and(page.getByText('Done 🎉')).waitFor()
  await page.keyboard.press('Control+z')
  assert.equal(await box.inputValue(), 'Done :tada:')
  await box.fill('')
  await box.pressSequentially('`:tada:` :+1:')
  await box.and(page.getByText('`:tada:` 👍')).waitFor()
  desk.assertQuiet()
})

test('a skin tone that was chosen is kept, and hands are picked in it', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await openPicker(page)
  await page.getByRole('button', { name: 'Skin tone: Default' }).click()
  await page.getByRole('menuitem', { name: 'Medium-dark' }).click()
  await page.getByRole('combobox').fill('waving hand')
  await page.getByRole('gridcell', { name: 'waving hand' }).click()
  assert.equal(await composer(page).inputValue(), '👋🏾')
  await page.reload()
  await composer(page).waitFor()
  await page.getByRole('button', { name: 'Insert emoji' }).click()
  await page.getByRole('button', { name: 'Skin tone: Medium-dark' }).waitFor()
  desk.assertQuiet()
})

test('on a phone the picker stands at the foot, and a finger picks', async () => {
  await using browser = await desk.browser(server.url, {
    cookie: alice.cookie,
    viewport: phone,
    hasTouch: true,
  })
  const page = await browser.newPage()
  await openPicker(page)
  await page.getByRole('gridcell', { name: 'thumbs up' }).first().tap()
  assert.equal(await composer(page).inputValue(), '👍')
  desk.assertQuiet()
})

test('a shortcode that is typed before the list is there becomes its emoji when it comes, whatever is typed after it', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  const { promise, resolve: come } = Promise.withResolvers<void>()
  await page.route(/listed-/, async route => {
    await promise
    await route.continue()
  })
  await page.goto('/rooms/general')
  await composer(page).pressSequentially('Done :tada: at last')
  come()
  await composer(page).and(page.getByText('Done 🎉 at last')).waitFor()
  await page.keyboard.type('!')
  assert.equal(await composer(page).inputValue(), 'Done 🎉 at last!')
  desk.assertQuiet()
})

for (const { colorScheme, viewport } of looks)
  test(`the picker is accessible and fits: ${colorScheme}, ${viewport.width} px`, async () => {
    await using browser = await desk.browser(server.url, { cookie: alice.cookie, colorScheme, viewport })
    const page = await browser.newPage()
    await openPicker(page)
    await assertAccessible(page, 'the picker')
    await assertFits(page, 'the picker')
    await page.getByRole('combobox', { name: 'Search emoji' }).fill('no such thing')
    await page.getByText('No emoji found.').waitFor()
    await assertAccessible(page, 'the picker with nothing found')
    desk.assertQuiet()
  })
