import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, composer } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person

before(async () => ({ desk, server, alice } = await aliceAtDesk()))
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

test('who set the workspace up and is alone is told how others come in; nobody is once they are there', async () => {
  await using hers = await desk.at(server.url, '/rooms/general', alice.cookie)
  const { page } = hers
  const share = page.getByText('Others create an account at this server’s address.')
  await share.waitFor()
  await server.signUp('bob')
  await share.waitFor({ state: 'detached' })
  desk.assertQuiet()
})

test('the switcher shows who is online, wherever one opens it, and asks once for those it lists', async () => {
  const carol = await server.signUp('carol')
  // Listed until the first letter is typed.
  await server.signUp('mallory')
  await using his = await desk.at(server.url, '/rooms/general', carol.cookie)
  await composer(his.page).waitFor()
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  const asked: string[] = []
  const welcomed = Promise.withResolvers<void>()
  page.on('websocket', socket =>
    socket.on('framesent', ({ payload }) => {
      if (!payload.includes('"t":"watch"')) return
      asked.push(`${payload}`)
      welcomed.resolve()
    }),
  )
  await page.goto('/profile')
  await page.getByLabel('Username').waitFor()
  // At its welcome a page asks for all whom it watches; here that is nobody yet.
  await welcomed.promise
  asked.splice(0)
  await page.keyboard.press('Control+k')
  const online = page.getByRole('option', { name: 'carol' }).locator('i[data-online]')
  await online.waitFor()
  for (const letter of 'carol') await page.keyboard.press(letter)
  await page.getByRole('option', { name: 'mallory' }).waitFor({ state: 'detached' })
  await online.waitFor()
  assert.equal(asked.length, 1, asked.join('\n'))
  assert.match(asked[0] ?? '', new RegExp(carol.id))
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  desk.assertQuiet()
})

test('an address that leads nowhere says so in the title of its tab', async () => {
  await using hers = await desk.at(server.url, '/nowhere', alice.cookie)
  await hers.page.getByRole('heading', { name: 'Page not found' }).waitFor()
  assert.match(await hers.page.title(), /^Page not found · /)
  desk.assertQuiet(/404/)
})

test('signing out with nothing but a draft asks about the draft', async () => {
  const dave = await server.signUp('dave')
  await using hers = await desk.at(server.url, '/rooms/general', dave.cookie)
  const { page } = hers
  await composer(page).fill('half a thought')
  await page.getByRole('link', { name: 'Random' }).click()
  await page.getByRole('link', { name: /General.*Draft/ }).waitFor()
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign out and lose your draft?' })
  await dialog.getByText('You have a draft in one room.').waitFor()
  // Who stays may ask again, and the keys of the page are theirs.
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await dialog.waitFor()
  desk.assertQuiet()
})

test('keys have their German names in German', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie, locale: 'de-DE' })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await page.getByRole('heading', { name: 'General', level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Räume, Personen, Befehle').fill('Tastenkürzel')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Tastenkürzel' })
  for (const key of ['Strg+K', 'Umschalt+Enter', 'Alt+Umschalt+↑', 'Entf'])
    await dialog.getByText(key, { exact: true }).waitFor()
  assert.doesNotMatch((await dialog.textContent()) ?? '', /Ctrl|Shift|Delete/)
  desk.assertQuiet()
})
