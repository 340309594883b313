import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Person, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, composer } from '../support/desk.ts'

/** In CSS px. A browser at 200 % shows half as many as its window has: 1440 are 720, and 1024 are 512. */
const widths = [320, 390, 512, 720, 768, 1024, 1440]

/** One word without a place to break it, as long as the field takes. */
const word = (characters: number) => 'Donaudampfschifffahrtsgesellschaft'.repeat(10).slice(0, characters)
const words = (characters: number) => 'a long name of many words '.repeat(20).slice(0, characters).trim()

let desk: Desk
let server: TestServer
let alice: Person
let long: RoomId
let direct: RoomId

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
  const other = await server.signUp(word(60))
  await other.call('me.change', { displayName: word(limits.displayNameCharacters), status: word(100) })
  const third = await server.signUp('carol')
  await third.call('me.change', { displayName: words(limits.displayNameCharacters) })
  await alice.call('me.change', { displayName: word(70), status: words(limits.statusCharacters) })
  await alice.call('workspace.change', { name: word(limits.nameCharacters) })
  long = await alice.room(word(limits.nameCharacters), 'public', [other, third])
  await alice.call('rooms.change', { id: long, topic: word(limits.topicCharacters) })
  await alice.room(words(limits.nameCharacters), 'private', [other])
  const said = await other.says(long, `${word(300)} https://example.org/${word(200)} \`${word(200)}\``)
  await alice.call('messages.post', { id: newId<MessageId>(), room: long, text: word(300), quote: said.id })
  await alice.says(long, `\`\`\`\n${word(300)}\n\`\`\`\n\n> ${word(200)}\n\n- ${word(200)}\n\n# ${word(90)}`)
  direct = (await other.call('direct.open', { users: [alice.id, third.id] })).room.id
  await other.says(direct, word(300))
  await alice.token(word(60))
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

type Show = (page: Page) => Promise<unknown>
const see =
  (text: string): Show =>
  page =>
    page.getByText(text).last().waitFor({ state: 'attached' })
const press = async (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()
const dialog: Show = page => page.getByRole('dialog').waitFor()

/** Every screen and dialog: its address, and how it comes to be shown. */
const screens: readonly [what: string, path: () => string, show: Show][] = [
  ['rooms', () => '/', see('General')],
  ['a room', () => `/rooms/${long}`, page => composer(page).waitFor({ state: 'attached' })],
  [
    'a room with its panel',
    () => `/rooms/${long}`,
    async page => {
      await press(page, 'Members')
      await page.locator('.room-panel .member').last().waitFor()
    },
  ],
  ['a direct room', () => `/rooms/${direct}`, page => composer(page).waitFor({ state: 'attached' })],
  [
    'an answer being written',
    () => `/rooms/${long}`,
    async page => {
      await page.getByRole('article').last().focus()
      await page.keyboard.press('r')
      await page.locator('.composer .quoted').waitFor()
    },
  ],
  ['browse', () => '/browse', see('Random')],
  ['profile', () => '/profile', page => page.getByLabel('Username').waitFor()],
  ['security', () => '/security', see(word(60))],
  ['preferences', () => '/preferences', see('Theme')],
  ['people', () => '/admin/people', see('carol')],
  ['rooms of the workspace', () => '/admin/rooms', see('General')],
  [
    'messages of a room',
    () => `/admin/rooms/${long}`,
    page =>
      page
        .getByRole('button', { name: /Delete/ })
        .first()
        .waitFor(),
  ],
  ['workspace', () => '/admin/workspace', page => page.getByRole('textbox').first().waitFor()],
  [
    'no room',
    () => '/rooms/there-is-none',
    page =>
      page
        .getByRole('link', { name: /Browse|rooms/i })
        .first()
        .waitFor(),
  ],
  [
    'the switcher',
    () => `/rooms/${long}`,
    async page => {
      await composer(page).waitFor({ state: 'attached' })
      await page.keyboard.press('Control+k')
      await dialog(page)
    },
  ],
  [
    'room settings',
    () => `/rooms/${long}`,
    async page => {
      await press(page, 'Room actions')
      await page.getByRole('menuitem', { name: 'Room settings' }).click()
      await dialog(page)
    },
  ],
  [
    'a person',
    () => `/rooms/${long}`,
    async page => {
      await page.locator('article .message-name').first().click()
      await dialog(page)
    },
  ],
  [
    'managing an account',
    () => '/admin/people',
    async page => {
      await page
        .getByRole('button', { name: /^Manage/ })
        .nth(1)
        .click()
      await dialog(page)
    },
  ],
]

/** What is wider than its place: the page, what scrolls sideways without being meant to, and what can be pressed but is out of sight. */
function tooWide(): string[] {
  const name = (of: Element) =>
    `${of.tagName.toLowerCase()}.${of.getAttribute('class') ?? ''} ${(of.textContent ?? '').slice(0, 30)}`
  const meant = 'pre, .format-bar, .page-tabs, .unseen, .shell-skip, textarea, input'
  const found: string[] = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) found.push(`the page by ${root.scrollWidth - root.clientWidth}`)
  for (const of of document.body.querySelectorAll('*')) {
    if (
      !of.checkVisibility({ visibilityProperty: true }) ||
      of.closest(meant) ||
      of.closest('[popover]:not(:popover-open)')
    )
      continue
    const scrolls = /auto|scroll/.test(getComputedStyle(of).overflowX)
    if (scrolls && of.scrollWidth > of.clientWidth + 1)
      found.push(`${name(of)} scrolls ${of.scrollWidth - of.clientWidth}`)
    if (!of.matches('button, a, input, select, th')) continue
    const { left, right, width, height } = of.getBoundingClientRect()
    if (width === 0) continue
    let [from, to] = [0, innerWidth]
    for (let above = of.parentElement; above; above = above.parentElement) {
      const { overflowX } = getComputedStyle(above)
      const box = above.getBoundingClientRect()
      if (overflowX !== 'visible') [from, to] = [Math.max(from, box.left), Math.min(to, box.right)]
      // What is in the top layer is cut by nothing that it stands in.
      if (above.matches('dialog, [popover]')) break
    }
    if (left < from - 1 || right > to + 1)
      found.push(
        `${name(of)} ${Math.round(left)}-${Math.round(right)} of ${Math.round(from)}-${Math.round(to)}`,
      )
    if (of.matches('.admin-words button') && width < 90 && height > 30)
      found.push(`${name(of)} is broken by letters: ${width}`)
  }
  return [...new Set(found)].slice(0, 6)
}

test('signed out, a long name of the workspace fits at every width and at 200 %', async () => {
  await using browser = await desk.browser(server.url)
  const page = await browser.newPage()
  for (const path of ['/', '/#sign-in', '/#sign-up']) {
    await page.goto(path)
    await page.getByText(word(limits.nameCharacters)).first().waitFor()
    assert.deepEqual(await measured(page), {}, path)
  }
  desk.assertQuiet()
})

/** Resolves when the page is drawn at its new width, and what moves there has come to rest. */
async function settled(): Promise<void> {
  for (let n = 0; n < 2; n++) await new Promise(resolve => requestAnimationFrame(resolve))
  const ending = document
    .getAnimations()
    .filter(one => one.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
  await Promise.allSettled(ending.map(one => one.finished))
}

/** What is too wide, by the width of the window. */
async function measured(page: Page): Promise<Record<number, string[]>> {
  const found: Record<number, string[]> = {}
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 })
    await page.evaluate(settled)
    const wide = await page.evaluate(tooWide)
    if (wide.length > 0) found[width] = wide
  }
  return found
}

for (const [what, path, show] of screens)
  test(`long names and words fit at every width and at 200 %: ${what}`, async () => {
    // As narrow as a phone when it comes: there the list of rooms is a screen of its own.
    const viewport = what === 'rooms' ? { width: 320, height: 800 } : { width: 1440, height: 800 }
    await using browser = await desk.browser(server.url, { cookie: alice.cookie, viewport })
    const page = await browser.newPage()
    await page.goto(path())
    await show(page)
    assert.deepEqual(await measured(page), {})
    desk.assertQuiet(/404/)
  })

test('a phone on its side with its keyboard shows the last message above the box', async () => {
  const viewport = { width: 844, height: 190 }
  await using browser = await desk.browser(server.url, {
    cookie: alice.cookie,
    viewport,
    hasTouch: true,
    isMobile: true,
  })
  const page = await browser.newPage()
  await alice.says(long, 'the last word')
  await page.goto(`/rooms/${long}`)
  await composer(page).fill('an answer')
  // The list follows the box in a frame of its own.
  await page.waitForFunction(() => {
    const [row] = [...document.querySelectorAll('article')].slice(-1)
    const box = document.querySelector('.composer')
    return row && box && row.getBoundingClientRect().bottom <= box.getBoundingClientRect().top
  })
  const last = await page.getByText('the last word').boundingBox()
  const box = await page.locator('.composer').boundingBox()
  const list = await page.getByRole('feed').boundingBox()
  assert.ok(last && box && list)
  assert.ok(list.height >= 70, `the list is ${list.height} px high`)
  assert.ok(last.y >= list.y && last.y + last.height <= box.y, 'the last message is in sight')
  assert.ok(box.y + box.height <= viewport.height, 'the box is in sight')
  desk.assertQuiet()
})

test('who writes several lines still sees the last message', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto(`/rooms/${long}`)
  await composer(page).waitFor()
  const off = () =>
    page.getByRole('feed').evaluate(list => list.scrollHeight - list.scrollTop - list.clientHeight)
  for (const letter of 'abc') {
    await composer(page).pressSequentially(letter)
    for (let n = 0; n < 3; n++) await composer(page).press('Shift+Enter')
    await page.evaluate(settled)
    assert.ok((await off()) <= 2, `${await off()} px off its end after ${letter}`)
  }
  await composer(page).pressSequentially('de')
  await page.evaluate(settled)
  assert.ok((await off()) <= 2, `${await off()} px off its end`)
  desk.assertQuiet()
})

test('what is said in passing does not cover the box that is written in', async () => {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    await using browser = await desk.browser(server.url, { cookie: alice.cookie, viewport })
    const page = await browser.newPage()
    await page.goto(`/rooms/${direct}`)
    await composer(page).waitFor()
    await page.getByRole('article').last().focus()
    await page.keyboard.press('c')
    const toast = await page.locator('.toast').boundingBox()
    const box = await page.locator('.composer').boundingBox()
    assert.ok(toast && box && toast.y + toast.height < box.y)
    desk.assertQuiet()
  }
})
