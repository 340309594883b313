import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { MessageId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { TestServer } from '../support/app.ts'
import { composer, Desk, message } from '../support/desk.ts'

let desk: Desk

before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

/** How a thing is drawn, in what forced colours leave of it. A ground that is transparent is that of what it stands on. */
const drawn = (of: Locator): Promise<string> =>
  of.evaluate(element => {
    const { color, outlineStyle, outlineColor, borderColor, borderStyle } = getComputedStyle(element)
    const grounds: string[] = []
    for (let at: Element | null = element; at; at = at.parentElement)
      grounds.push(getComputedStyle(at).backgroundColor)
    const ground = grounds.find(one => !/^rgba\(.*, 0\)$/.test(one))
    const outline = outlineStyle === 'none' ? '' : outlineColor
    const border = borderStyle === 'none' ? '' : borderColor
    return JSON.stringify({ ground, color, outline, border })
  })

/** The colour of its ground, as numbers of red, green and blue. */
const groundOf = (of: Locator): Promise<readonly number[]> =>
  of.evaluate(element => {
    const context = document.createElement('canvas').getContext('2d')
    if (!context) return []
    context.fillStyle = getComputedStyle(element).backgroundColor
    context.fillRect(0, 0, 1, 1)
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
  })

/** What is chosen looks different from what is not. */
const borderOf = (locator: Locator) => locator.first().evaluate(element => getComputedStyle(element).border)

async function differ(page: Page, what: string, chosen: Locator, other: Locator): Promise<void> {
  await page.mouse.move(0, 0)
  assert.notEqual(await drawn(chosen), await drawn(other), what)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`where people choose all colours themselves (${colorScheme}), what is chosen, pressed or has the focus shows it`, async () => {
    await using server = await TestServer.bare()
    const alice = await server.setUp('alice')
    const carol = await server.signUp('carol')
    await server.signUp('dave')
    const { rooms } = await alice.call('rooms.list', {})
    for (const { id } of rooms)
      for (const text of ['first', 'second'])
        await alice.call('messages.post', { id: newId<MessageId>(), room: id, text })
    await using browser = await desk.browser(server.url, {
      cookie: alice.cookie,
      forcedColors: 'active',
      colorScheme,
    })
    const page = await browser.newPage()
    await using here = await desk.at(server.url, '/rooms/general', carol.cookie)
    await composer(here.page).waitFor()
    await page.goto('/rooms/general')
    await composer(page).waitFor()
    await message(page, 'second').waitFor()
    assert.match(await borderOf(page.getByRole('feed').locator('.tag')), /^1px solid/, 'what an author is')
    const side = page.getByRole('navigation')
    await differ(
      page,
      'the room one is in',
      side.getByRole('link', { name: /General/ }),
      side.getByRole('link', { name: /Random/ }),
    )
    await page.keyboard.press('Shift+Tab')
    await page.locator('article:focus').waitFor()
    await differ(page, 'the message with the focus', message(page, 'second'), message(page, 'first'))
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    const items = page.getByRole('menuitem')
    await differ(page, 'the menu item with the focus', items.nth(0), items.nth(1))
    await page.keyboard.press('Escape')
    const panel = page.getByRole('button', { name: 'Members' })
    const before = await drawn(panel)
    await panel.click()
    await page.getByRole('complementary').waitFor()
    await page.mouse.move(0, 0)
    await page.locator('.member i[data-online]').nth(1).waitFor()
    const dot = page.locator('.member i')
    await differ(page, 'who is here', dot.and(page.locator('[data-online]')).first(), dot.last())
    const online = await groundOf(dot.first())
    assert.notDeepEqual(online, await groundOf(page.getByRole('complementary')), 'who is here, on its ground')
    await composer(page).focus()
    assert.notEqual(await drawn(panel), before, 'the button of a panel that is open')
    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().waitFor()
    const options = page.getByRole('option')
    await differ(page, 'the place that Enter leads to', options.nth(0), options.nth(1))
    await page.keyboard.press('Escape')
    await page.goto('/direct/new')
    const people = page.getByRole('option')
    await people.nth(1).waitFor()
    await differ(page, 'the person that Enter takes', people.nth(0), people.nth(1))
    const unpicked = await drawn(people.nth(1))
    await people.nth(1).click()
    await page.getByRole('option', { selected: true }).waitFor()
    await page.keyboard.press('ArrowUp')
    assert.notEqual(await drawn(people.nth(1)), unpicked, 'a person who is taken')
    await page.goto('/preferences')
    const cards = page.locator('.choice-card')
    await cards.first().waitFor()
    await differ(
      page,
      'the choice that is made',
      cards.filter({ has: page.locator(':checked') }).first(),
      cards.filter({ hasNot: page.locator(':checked') }).first(),
    )
    await page.goto('/admin/people')
    for (const bordered of ['.word-tag', '.admin-name .avatar'])
      assert.match(await borderOf(page.locator(bordered)), /^1px solid/, bordered)
    const select = page.locator('select.input').first()
    assert.equal(await select.evaluate(element => getComputedStyle(element).appearance), 'auto')
    const tabs = page.locator('.page-tab')
    await tabs.first().waitFor()
    await differ(
      page,
      'the tab one is on',
      page.locator('.page-tab[aria-current]').first(),
      page.locator('.page-tab:not([aria-current])').first(),
    )
    desk.assertQuiet()
  })
}
