import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Person, TestServer } from '../support/app.ts'
import { password } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, press } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
  await server.signUp('bob')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const dialogOf = (page: Page) => page.getByRole('dialog')

/** By Escape, and by a press outside. */
const leaving: readonly ((page: Page) => Promise<void>)[] = [
  page => page.keyboard.press('Escape'),
  page => page.mouse.click(5, 5),
]

const forms = {
  'a new room': {
    path: '/browse',
    open: 'New room',
    fields: { Name: 'Saturday rides', Topic: 'Bring a lamp' },
  },
  'a new account': {
    path: '/admin/people',
    open: 'Add person',
    fields: { Username: 'carol', 'Display name': 'Carol', Email: 'carol@example.org' },
  },
  'a new token': { path: '/security', open: 'Create token', fields: { Name: 'reports' } },
}

for (const [what, { path, open, fields }] of Object.entries(forms))
  test(`what was typed for ${what} is there again after Escape or a press outside, and gone after Cancel`, async () => {
    await using hers = await desk.at(server.url, path, alice.cookie)
    const { page } = hers
    const opened = () => page.getByRole('button', { name: open }).first().click()
    const field = (label: string) => dialogOf(page).getByLabel(label).first()
    await opened()
    for (const [label, value] of Object.entries(fields)) await field(label).fill(value)
    for (const leave of leaving) {
      await leave(page)
      await dialogOf(page).waitFor({ state: 'detached' })
      await opened()
      for (const [label, value] of Object.entries(fields))
        assert.equal(await field(label).inputValue(), value, label)
    }
    await press(page, 'Cancel')
    await dialogOf(page).waitFor({ state: 'detached' })
    await opened()
    for (const label of Object.keys(fields)) assert.equal(await field(label).inputValue(), '', label)
    desk.assertQuiet()
  })

test('whom one chose for a conversation stays chosen after Escape', async () => {
  await using hers = await desk.at(server.url, '/rooms/general', alice.cookie)
  const { page } = hers
  const opened = () => page.getByRole('button', { name: 'New direct message' }).first().click()
  await opened()
  await dialogOf(page).getByText('bob').first().click()
  await page.keyboard.press('Escape')
  await dialogOf(page).waitFor({ state: 'detached' })
  await opened()
  await dialogOf(page).getByRole('button', { name: 'Remove bob' }).waitFor()
  desk.assertQuiet()
})

/** Whether the browser would ask before it leaves the page. */
const isHeld = (page: Page) =>
  page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))

test('what stands in an open dialog holds the page, in a closed one not, and none of it is there for who signs in next', async () => {
  await using browser = await desk.browser(server.url)
  const page = await browser.newPage()
  const signIn = async (name: string) => {
    await page.getByLabel('Username').fill(name)
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await page.getByRole('textbox', { name: 'Password' }).press('Enter')
    await page.getByRole('button', { name: 'Account and settings' }).waitFor()
  }
  const newRoom = async () => {
    await page.getByRole('button', { name: 'Browse rooms' }).first().click()
    await page.getByRole('button', { name: 'New room' }).first().click()
  }
  const name = dialogOf(page).getByLabel('Name').first()
  await page.goto('/#sign-in')
  await signIn('alice')
  await newRoom()
  await name.fill('Layoffs')
  assert.equal(await isHeld(page), true)
  await page.keyboard.press('Escape')
  await dialogOf(page).waitFor({ state: 'detached' })
  assert.equal(await isHeld(page), false)
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn('bob')
  await newRoom()
  assert.equal(await name.inputValue(), '')
  desk.assertQuiet(/401/)
})
