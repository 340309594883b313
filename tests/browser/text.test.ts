import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Person, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, assertFits, looks, message } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person
let bob: Person
let general: RoomId

const row = (...cells: string[]) => `| ${cells.join(' | ')} |`
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const table = [row(...days), row(...days.map(() => ':-:')), row(...days.map(() => 'somebody'))].join('\n')

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
  bob = await server.signUp('bob')
  const { rooms } = await alice.call('rooms.list', {})
  const room = rooms.find(({ name }) => name === 'General')
  assert.ok(room)
  general = room.id
  await bob.says(general, `The plan:\n${table}`)
  await bob.says(general, `The murderer is ||the **gardener**||, says <@${alice.id}>.`)
  await bob.says(general, '```ts\nconst answer = 42 // "<b>"\n```\n```\nconst plain = 1\n```')
  await alice.says(general, 'To bring:\n- [ ] a pump\n- [x] water\n- a map')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

test('alice ticks a task of hers by pressing its box, and bob sees it done but cannot turn it', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  await using his = await desk.browser(server.url, { cookie: bob.cookie })
  const [mine, other] = [await hers.newPage(), await his.newPage()]
  for (const page of [mine, other]) await page.goto('/rooms/general')
  const pump = message(mine, 'a pump').getByRole('checkbox').first()
  await pump.click()
  const seen = message(other, 'a pump').getByRole('checkbox', { disabled: true }).first()
  await seen.waitFor()
  while (!(await seen.isChecked())) await other.waitForTimeout(50)
  assert.equal(await pump.isChecked(), true)
  assert.equal(await message(mine, 'a pump').getByRole('checkbox').nth(1).isChecked(), true)
  desk.assertQuiet()
})

test('a spoiler is hidden from eyes and from who is read to, until it is pressed by key', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  const row = message(page, 'The murderer')
  const cover = row.getByRole('button', { name: 'Hidden text: show it' })
  await cover.waitFor()
  assert.doesNotMatch(await row.ariaSnapshot(), /gardener/)
  const before = await row.boundingBox()
  await row.focus()
  await cover.focus()
  await page.keyboard.press('Enter')
  await row.getByText('gardener').waitFor()
  assert.match(await row.ariaSnapshot(), /gardener/)
  assert.equal((await row.boundingBox())?.height, before?.height, 'nothing moves')
  assert.equal(await cover.count(), 0)
  await row.getByText('@alice').waitFor()
  desk.assertQuiet()
})

test('code with the name of a language has colours, from a worker; other code has none', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  const row = message(page, 'const answer')
  await row.locator('[data-code=keyword]').getByText('const').waitFor()
  await row.locator('[data-code=number]').getByText('42').waitFor()
  assert.equal(await row.locator('pre').first().textContent(), 'const answer = 42 // "<b>"')
  assert.equal(await row.locator('pre').nth(1).locator('[data-code]').count(), 0)
  assert.equal(page.workers().length, 1)
  desk.assertQuiet()
})

test('a link says where it leads, where the name of whom it calls is the address of somebody else', async () => {
  const mallory = await server.signUp('mallory')
  await mallory.call('me.change', { displayName: 'bank.example' })
  await mallory.says(general, `Sign in: [<@${mallory.id}>](https://evil.example/)`)
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await page.getByRole('link', { name: '@bank.example (evil.example)' }).waitFor()
  desk.assertQuiet()
})

test('a quotation names whom its message calls', async () => {
  const zoe = await server.signUp('zoe')
  const { id } = await alice.says(general, `Ask <@${zoe.id}> about it.`)
  await alice.call('messages.post', { id: newId<MessageId>(), room: general, text: 'I did.', quote: id })
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await page.getByRole('button', { name: 'Ask @zoe about it.' }).waitFor()
  desk.assertQuiet()
})

for (const { colorScheme, viewport } of looks)
  test(`tables, tasks and spoilers are accessible and fit: ${colorScheme}, ${viewport.width} px`, async () => {
    await using browser = await desk.browser(server.url, { cookie: alice.cookie, colorScheme, viewport })
    const page = await browser.newPage()
    await page.goto('/rooms/general')
    await message(page, 'Monday').getByRole('table').waitFor()
    // The list is one tab stop: what scrolls within a row is one while the row has the focus.
    await message(page, 'Monday').focus()
    await page.keyboard.press('Tab')
    await assertAccessible(page, 'a room with a table')
    await assertFits(page, 'a room with a table')
    const box = page.getByRole('region', { name: 'Table' })
    const wider = await box.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
    assert.equal(wider > 0, viewport.width < 640, 'it scrolls where there is no room for it')
    desk.assertQuiet()
  })
