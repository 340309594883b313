import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { composer, Desk, isKept, message, phone } from '../support/desk.ts'

let desk: Desk

before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

/** Bob, who writes by script, and alice, who has read all of General and of Random so far and has a page of her own, on Random. */
async function aliceAway(look: BrowserContextOptions = {}) {
  await using parts = new AsyncDisposableStack()
  const server = parts.use(await TestServer.bare())
  const bob = await server.setUp('bob')
  const alice = await server.signUp('alice')
  const { rooms } = await alice.call('rooms.list', {})
  const idOf = (name: string) => rooms.find(room => room.name === name)?.id as RoomId
  const [general, random] = [idOf('General'), idOf('Random')]
  await says(bob, general, 'the beginning')
  const browser = parts.use(await desk.browser(server.url, { cookie: alice.cookie, ...look }))
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await message(page, 'the beginning').waitFor()
  await isUnread(alice, general, 0)
  await goTo(page, 'Random')
  const held = parts.move()
  return { server, bob, alice, page, general, random, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

async function says(who: Person, room: RoomId, ...texts: string[]): Promise<void> {
  for (const text of texts) await who.call('messages.post', { id: newId<MessageId>(), room, text })
}

const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_, n) => `line ${n + from} of many`)

/** Waits until the server counts so many messages of the room as unread. */
async function isUnread(who: Person, id: RoomId, count: number): Promise<void> {
  while ((await who.call('rooms.get', { id })).unread !== count);
}

/** Waits until the server knows that somebody has read a room up to this seq, and answers how far they have. */
async function isReadFrom(who: Person, id: RoomId, seq: number): Promise<number> {
  for (;;) {
    const { membership } = await who.call('rooms.get', { id })
    if (membership && membership.read >= seq) return membership.read
  }
}

/** Goes to a room by the side bar; on a phone, by way of the list of rooms. */
async function goTo(page: Page, name: 'General' | 'Random'): Promise<void> {
  const back = page.getByRole('button', { name: 'Back' })
  if (await back.isVisible()) await back.click()
  await page
    .getByRole('navigation')
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click()
  await composer(page)
    .and(page.getByRole('textbox', { name: `Message ${name}` }))
    .waitFor()
}

/** Where a line stands in the window of the list, and how high that is. */
async function placeOf(page: Page, what: string): Promise<{ top: number; bottom: number; height: number }> {
  const line = what === 'New' ? page.getByText('New', { exact: true }) : message(page, what)
  await line.first().waitFor()
  return line.first().evaluate(element => {
    const list = element.closest('[role=feed]')?.getBoundingClientRect()
    const at = element.getBoundingClientRect()
    return { top: at.top - (list?.top ?? 0), bottom: at.bottom - (list?.top ?? 0), height: list?.height ?? 0 }
  })
}

/** Waits until the line stands in the upper half of the list. */
async function isAtTop(page: Page, what: string): Promise<void> {
  for (;;) {
    const { top, height } = await placeOf(page, what)
    if (top >= 0 && top < height / 2) return
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
}

/** The text of the last message that is on the screen as a whole. */
const lastSeen = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const bottom = document.querySelector('[role=feed]')?.getBoundingClientRect().bottom ?? 0
    const rows = [...document.querySelectorAll('[role=feed] article')]
    const seen = rows.filter(row => row.getBoundingClientRect().bottom <= bottom + 1)
    return seen.at(-1)?.querySelector('.message-body')?.textContent ?? ''
  })

const numberIn = (text: string): number => Number(/line (\d+)/.exec(text)?.[1])

const scrollBy = async (page: Page, by: number): Promise<void> => {
  await page.getByRole('feed').hover()
  await page.mouse.wheel(0, by)
}

for (const [name, look] of [
  ['on a wide screen', {}],
  ['on a phone', { viewport: phone }],
] as const) {
  describe(name, () => {
    test('a room with 250 unread messages opens at the first of them, and only what alice sees is read', async () => {
      await using scene = await aliceAway(look)
      const { page, alice, bob, general } = scene
      await says(bob, general, ...numbered(250))
      await goTo(page, 'General')
      await isAtTop(page, 'New')
      await isAtTop(page, 'line 1 of many')
      const seen = numberIn(await lastSeen(page))
      assert.ok(seen > 3 && seen < 80, `line ${seen} is the last on the screen`)
      const { messages } = await alice.call('messages.list', { room: general, aroundSeq: 1 })
      const seqOf = (line: number) => messages.find(({ text }) => numberIn(text) === line)?.seq ?? 0
      // The message at the edge of the screen may count as seen, or not.
      const read = await isReadFrom(alice, general, seqOf(seen))
      assert.ok(read <= seqOf(seen + 1), `read up to ${read}, seen up to line ${seen}, ${seqOf(seen)}`)
      desk.assertQuiet()
    })

    test('of three unread messages, one of them of 60 lines, the first is in sight, and the last is not read before it is seen', async () => {
      await using scene = await aliceAway(look)
      const { page, alice, bob, general } = scene
      const long = Array.from({ length: 60 }, (_, n) => `verse ${n + 1}`).join('\n')
      await says(bob, general, ...numbered(10, 101))
      await goTo(page, 'General')
      await message(page, 'line 110 of many').waitFor()
      await isUnread(alice, general, 0)
      await goTo(page, 'Random')
      await says(bob, general, 'short before', long, 'short after')
      await goTo(page, 'General')
      await isAtTop(page, 'New')
      await isAtTop(page, 'short before')
      await isUnread(alice, general, 2)
      for (let n = 0; n < 30; n++) {
        await scrollBy(page, 120)
        await page.evaluate(() => new Promise(requestAnimationFrame))
      }
      await isUnread(alice, general, 0)
      desk.assertQuiet()
    })

    test('alice comes back to where she was in a room, by way of another and after a reload, and to "New" where there is something new', async () => {
      await using scene = await aliceAway(look)
      const { page, alice, bob, general } = scene
      await says(bob, general, ...numbered(80))
      await goTo(page, 'General')
      await isAtTop(page, 'New')
      await page.getByRole('button', { name: /Jump to latest/ }).click()
      await message(page, 'line 80 of many').waitFor()
      // What she jumped over is not read, until she says so.
      await page.getByRole('button', { name: 'Mark as read' }).click()
      await isUnread(alice, general, 0)
      for (let n = 0; n < 8; n++) {
        await scrollBy(page, -150)
        await page.evaluate(() => new Promise(requestAnimationFrame))
      }
      await page.getByRole('button', { name: 'Jump to latest', exact: true }).waitFor()
      const first = await page.evaluate(async () => {
        await new Promise(done =>
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))),
        )
        const top = document.querySelector('[role=feed]')?.getBoundingClientRect().top ?? 0
        const row = [...document.querySelectorAll('[role=feed] article')].find(
          one => one.getBoundingClientRect().top >= top,
        )
        return row?.querySelector('.message-body')?.textContent ?? ''
      })
      const text = /line \d+ of many/.exec(first)?.[0] ?? ''
      const { top } = await placeOf(page, text)
      const isBack = async () => {
        for (;;) {
          const now = await placeOf(page, text)
          if (Math.abs(now.top - top) <= 2) return
          await page.evaluate(() => new Promise(requestAnimationFrame))
        }
      }
      await goTo(page, 'Random')
      await goTo(page, 'General')
      await isBack()
      await page.reload()
      await isBack()
      await goTo(page, 'Random')
      await says(bob, general, 'something new')
      // Her page has heard of it: else she would go back to where she was.
      await page.waitForFunction(() => document.title.startsWith('(1)'))
      await goTo(page, 'General')
      await message(page, 'something new').waitFor()
      await page.getByText('New', { exact: true }).waitFor()
      await isUnread(alice, general, 0)
      desk.assertQuiet()
    })
  })
}

test('a room of which alice keeps 150 messages, and that has 150 new ones when she comes back, opens where the new ones begin', async () => {
  await using scene = await aliceAway()
  const { page, alice, bob, general } = scene
  await says(bob, general, ...numbered(150))
  await goTo(page, 'General')
  await page.getByRole('button', { name: /Jump to latest/ }).click()
  await page.getByRole('button', { name: 'Mark as read' }).click()
  await isUnread(alice, general, 0)
  await isKept(page, 'line 150 of many')
  const { url } = scene.server
  await page.goto('about:blank')
  await says(bob, general, ...numbered(150, 151))
  await page.goto(`${url}/rooms/general`)
  await isAtTop(page, 'New')
  await isAtTop(page, 'line 151 of many')
  await message(page, 'line 152 of many').waitFor()
  const { unread } = await alice.call('rooms.get', { id: general })
  assert.ok(unread > 50, `${unread} are unread`)
  desk.assertQuiet()
})

test('what comes while alice looks elsewhere stays unread, and is counted below; "new messages" leads to the first of it', async () => {
  await using scene = await aliceAway()
  const { page, alice, bob, general } = scene
  await says(bob, general, ...numbered(60))
  await goTo(page, 'General')
  await isAtTop(page, 'New')
  await page.getByRole('button', { name: 'Jump to latest · ' }).click()
  await page.getByRole('button', { name: 'Mark as read' }).click()
  await isUnread(alice, general, 0)
  for (let n = 0; n < 10; n++) {
    await scrollBy(page, -150)
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
  // Nothing of what is below is unread.
  await page.getByRole('button', { name: 'Jump to latest', exact: true }).waitFor()
  await says(bob, general, ...numbered(40, 61))
  const below = page.getByRole('button', { name: 'Next new · 40' })
  await below.click()
  await isAtTop(page, 'New')
  await isAtTop(page, 'line 61 of many')
  await page.getByRole('button', { name: /Jump to latest · \d+ new/ }).waitFor()
  assert.ok((await alice.call('rooms.get', { id: general })).unread < 40 + 1)
  desk.assertQuiet()
})
