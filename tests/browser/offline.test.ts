import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { RoomId } from '../../contract/ids.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { composer, Desk, isKept, message } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person
let room: RoomId

before(async () => {
  desk = await Desk.open()
  server = await TestServer.bare()
  alice = await server.setUp('alice')
  room = await alice.room('Lighthouse', 'private')
  await alice.says(room, 'A light in the night')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** Until the service worker has the page in its hands, with all that it keeps. */
const hasWorker = (page: Page) =>
  page.evaluate(async () => {
    const { serviceWorker } = navigator
    await serviceWorker.ready
    if (!serviceWorker.controller)
      await new Promise(resolve =>
        serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      )
  })

const lost = /ERR_INTERNET_DISCONNECTED|Failed to (fetch|load)|WebSocket/

test('a page that was open once is there without a server: its rooms, what was said, and the parts that nobody opened yet', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie, serviceWorkers: 'allow' })
  const page = await hers.newPage()
  await page.goto(`/rooms/${room}`)
  await message(page, 'A light in the night').waitFor()
  await isKept(page, 'A light in the night')
  await hasWorker(page)
  const kept = await page.evaluate(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async name => (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
  assert.deepEqual(
    kept.filter(path => !/^\/(assets\/|$|[\w.-]+\.(css|svg|png|webmanifest)$)/.test(path)),
    [],
  )
  const found = await page.evaluate(async () => (await caches.match('/'))?.text())
  assert.match(found ?? '', /name="confab-found" content=""/)
  await hers.setOffline(true)
  await page.reload()
  await message(page, 'A light in the night').waitFor()
  await page.getByText('You’re offline.').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Rooms, people, commands').fill('preferences')
  await page.keyboard.press('Enter')
  await page.getByText('Theme').first().waitFor()
  await page.goto(`/rooms/${room}`)
  await composer(page).fill('Sent later')
  await composer(page).press('Enter')
  await hers.setOffline(false)
  await page.getByText('You’re offline.').waitFor({ state: 'detached' })
  await page.getByRole('feed').getByRole('article').filter({ hasText: 'Sent later' }).waitFor()
  desk.assertQuiet(lost)
})

test('a device that goes offline is told so, and a server that is away is told as that', async () => {
  await using away = await TestServer.bare()
  const bob = await away.setUp('bob')
  await using his = await desk.browser(away.url, { cookie: bob.cookie })
  const page = await his.newPage()
  await page.goto('/')
  await composer(page).waitFor()
  await his.setOffline(true)
  await page.getByText('You’re offline.').waitFor()
  await his.setOffline(false)
  await page.getByText('You’re offline.').waitFor({ state: 'detached' })
  await page.routeWebSocket('**', line => line.close())
  await page.reload()
  await page.getByText('Can’t reach the server.').waitFor()
  desk.assertQuiet(lost)
})

test('without TLS, where there is no Clipboard API, links and tokens are copied all the same', async () => {
  await using hers = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await hers.newPage()
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await page.goto(`/rooms/${room}`)
  await page.evaluate(() => {
    document.addEventListener('copy', () => {
      const field = document.activeElement as HTMLTextAreaElement
      Object.assign(window, { copied: field.value })
    })
  })
  const copied = () => page.evaluate(() => (window as { copied?: string }).copied)
  await page.getByRole('button', { name: 'Room actions' }).click()
  await page.getByRole('menuitem', { name: 'Copy link' }).click()
  await page.getByText('Link copied').waitFor()
  assert.equal(await copied(), `${server.url}/rooms/${room}`)
  desk.assertQuiet()
})
