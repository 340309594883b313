import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, composer, hasWorker, isKept, message } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person
let room: RoomId

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
  room = await alice.room('Lighthouse', 'private')
  await alice.says(room, 'A light in the night')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
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
  await page.goto('/settings')
  await page.waitForURL('**/preferences')
  await page.goto('/admin')
  await page.getByText('@alice').waitFor()
  await page.goto('/rooms/has-been-renamed')
  await page.locator('.page-skeleton, .list-skeleton').first().waitFor()
  assert.equal(await page.getByRole('button', { name: /Create the room/ }).count(), 0)
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

test('who signs out leaves nothing of theirs in the browser', async () => {
  const carol = await server.signUp('carol')
  const { room: direct } = await carol.call('direct.open', { users: [alice.id] })
  await carol.says(direct.id, 'Between the two of us')
  await using hers = await desk.browser(server.url, { cookie: carol.cookie, serviceWorkers: 'allow' })
  const page = await hers.newPage()
  await page.goto(`/rooms/${direct.id}`)
  await message(page, 'Between the two of us').waitFor()
  await isKept(page, 'Between the two of us')
  await composer(page).fill('half a secret')
  await hasWorker(page)
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  const asked = page.getByRole('dialog').getByRole('button', { name: 'Sign out anyway' })
  await asked
    .or(page.getByRole('link', { name: 'Create an account' }))
    .first()
    .waitFor()
  if (await asked.isVisible()) await asked.click()
  await page.getByRole('link', { name: 'Create an account' }).waitFor()
  const left = await page.evaluate(everythingKept)
  for (const theirs of ['Between the two', 'half a secret', 'carol', carol.id, direct.id])
    assert.equal(left.includes(theirs), false, `${theirs} is in ${left}`)
})

/** All that a browser keeps of the site, but for the files of the page itself. */
async function everythingKept(): Promise<string> {
  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(new Error(String(request.error)))
    })
  const rows: unknown[] = [{ ...localStorage }, { ...sessionStorage }]
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name))
    for (const store of database.objectStoreNames)
      rows.push(
        await asked(database.transaction(store).objectStore(store).getAllKeys()),
        await asked(database.transaction(store).objectStore(store).getAll()),
      )
    database.close()
  }
  const page = await caches.match('/')
  return JSON.stringify(rows) + ((await page?.text()) ?? '')
}
