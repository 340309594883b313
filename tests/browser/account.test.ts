import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { limits } from '../../contract/limits.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Person } from '../support/app.ts'
import { password, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, composer } from '../support/desk.ts'

/** What a browser itself writes about a call that was refused over HTTP. */
const refused = /the server responded with a status of 4/

let desk: Desk
let server: TestServer
let alice: Person

before(async () => ({ desk, server, alice } = await aliceAtDesk()))
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** Somebody's own browser, at this address. */
async function at(path: string, cookie?: string): Promise<{ page: Page } & AsyncDisposable> {
  const browser: BrowserContext = await desk.browser(server.url, cookie === undefined ? {} : { cookie })
  const page = await browser.newPage()
  await page.goto(path)
  return { page, [Symbol.asyncDispose]: () => browser.close() }
}

/** What is told at the field that has the focus. */
async function errorAtFocus(page: Page): Promise<string> {
  const field = page.locator('[aria-invalid="true"]:focus')
  await field.waitFor()
  const described = (await field.getAttribute('aria-describedby')) ?? ''
  return (await page.locator(`[id="${described.split(' ')[0]}"]`).textContent()) ?? ''
}

test('bob mistypes at signing in: every error stands at its field, which gets the focus', async () => {
  await server.signUp('taken')
  await using his = await at('/#sign-up')
  const { page } = his
  await page.getByRole('button', { name: 'Create account' }).click()
  assert.match(await errorAtFocus(page), /Fill this in/)
  await page.getByLabel('Username').fill('Taken')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.keyboard.press('Enter')
  assert.match(await errorAtFocus(page), /at least 8/)
  await page.getByLabel('Password', { exact: true }).fill('password')
  await page.keyboard.press('Enter')
  assert.match(await errorAtFocus(page), /Too easy to guess/)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  assert.match(await errorAtFocus(page), /taken/)
  await page.getByRole('link', { name: 'Sign in' }).click()
  // The form before has the same fields.
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await page.getByLabel('Username').fill('taken')
  await page.getByLabel('Password', { exact: true }).fill('not this one')
  await page.keyboard.press('Enter')
  assert.match(await errorAtFocus(page), /Wrong username or password/)
  await page.getByRole('button', { name: 'Show password' }).click()
  assert.equal(await page.getByLabel('Password', { exact: true }).getAttribute('type'), 'text')
  desk.assertQuiet(refused)
})

test('bob was on his way to a room: signing in leads there', async () => {
  await server.signUp('walker')
  await using his = await at('/rooms/random')
  await his.page.getByRole('link', { name: 'Sign in' }).click()
  await his.page.getByLabel('Username').fill('walker')
  await his.page.getByLabel('Password', { exact: true }).fill(password)
  await his.page.keyboard.press('Enter')
  await composer(his.page).waitFor()
  assert.match(new URL(his.page.url()).pathname, /^\/rooms\/random-[0-9a-f-]{36}$/)
  desk.assertQuiet(refused)
})

test('alice changes her profile and sees that it is saved; what is wrong stays to be mended', async () => {
  await using hers = await at('/profile', alice.cookie)
  const { page } = hers
  const save = page.getByRole('button', { name: 'Save' })
  await page.getByLabel('Status').fill('Out until 14:00')
  await page.getByLabel('Email').fill('nonsense')
  await save.click()
  assert.match(await errorAtFocus(page), /name@example.org/)
  assert.equal(await page.getByLabel('Status').inputValue(), 'Out until 14:00')
  await page.getByLabel('Email').fill('alice@example.org')
  await save.click()
  await page.getByText('Saved', { exact: true }).waitFor()
  assert.ok(await save.isDisabled())
  const { me } = await alice.call('me.get', {})
  assert.deepEqual([me.status, me.email], ['Out until 14:00', 'alice@example.org'])
  await page.getByLabel('Display name').fill('Somebody else')
  await page.getByRole('button', { name: 'Discard changes' }).click()
  assert.equal(await page.getByLabel('Display name').inputValue(), me.displayName)
  desk.assertQuiet()
})

test('alice crops a picture by keys and takes it away again; a file that is none is refused with the list', async () => {
  await using hers = await at('/profile', alice.cookie)
  const { page } = hers
  const chooser = page.locator('input[type=file]')
  await chooser.setInputFiles({ name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
  await page.getByText('That file can’t be used').waitFor()
  const picture = sharp({ create: { width: 300, height: 200, channels: 3, background: '#3a7' } })
  await chooser.setInputFiles({
    name: 'x.png',
    mimeType: 'image/png',
    buffer: await picture.png().toBuffer(),
  })
  await page.getByRole('application').waitFor()
  for (const key of ['+', '+', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key)
  await assertAccessible(page, 'cropping')
  await page.getByRole('button', { name: 'Use picture' }).click()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Choose a picture' }).waitFor()
  assert.equal((await alice.call('me.get', {})).me.avatar, null)
  desk.assertQuiet()
})

test('alice makes a token: her password is asked for, the secret is shown once, and revoking ends it', async () => {
  let later = 0
  const clock = { ...systemClock, now: () => systemClock.now() + later }
  await using slow = await TestServer.bare({}, { clock })
  const { cookie, id } = await slow.setUp('alice')
  // Signing in has confirmed the password, for a while.
  later = limits.confirmedMs
  await using browser = await desk.browser(slow.url, { cookie })
  const page = await browser.newPage()
  await page.goto('/security')
  await page.getByRole('button', { name: 'Create token' }).click()
  const dialog = page.getByRole('dialog').last()
  await dialog.getByLabel('Name').fill('Weather bot')
  await dialog.getByRole('button', { name: 'Create token' }).click()
  await dialog.getByLabel('Your password').fill('not this one')
  await page.keyboard.press('Enter')
  assert.match(await errorAtFocus(page), /Wrong password/)
  await assertAccessible(page, 'the password is asked for')
  await dialog.getByLabel('Your password').fill(password)
  await page.keyboard.press('Enter')
  const secret = (await dialog.locator('code').textContent()) ?? ''
  await assertAccessible(page, 'the secret of a token')
  const bot = slow.byToken(secret)
  assert.equal((await bot.call('me.get', {})).me.id, id)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Revoke Weather bot' }).click()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  // The row alone: the dialog that asks about it may still be closing.
  await page.getByText('Weather bot', { exact: true }).waitFor({ state: 'detached' })
  assert.equal((await bot.refused('me.get', {})).code, 'signed_out')
  desk.assertQuiet()
})

test('carol signs her other browser out from here, and changes her password', async () => {
  const here = await server.signUp('carol')
  const there = await server.signIn('carol')
  await using first = await at('/security', here.cookie)
  await using second = await at('/rooms/general', there.cookie)
  await composer(second.page).waitFor()
  const { page } = first
  await page.reload()
  await page.getByRole('button', { name: /^Sign out ./ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await second.page.getByText('Your session has ended').waitFor()
  await page.getByLabel('Current password').fill(password)
  await page.getByLabel('New password').fill('password1')
  await page.getByRole('button', { name: 'Change password' }).click()
  assert.match(await errorAtFocus(page), /Too easy to guess/)
  await page.getByLabel('New password').fill('another horse battery')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Password changed').waitFor()
  await server.signIn('carol', 'another horse battery')
  desk.assertQuiet()
})

test('the only owner cannot delete her account; bob deletes his, and his messages with it', async () => {
  const bob = await server.signUp('bob')
  const room = await bob.room('His own')
  await bob.says(room, 'Mine to take along')
  await alice.call('rooms.join', { id: room })
  const leave = async (page: Page, way: string) => {
    await page.getByRole('button', { name: 'Delete my account' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(way).check()
    await dialog.getByLabel('Your password').fill(password)
    await assertAccessible(page, 'deleting the account')
    await dialog.getByRole('button', { name: 'Delete account' }).click()
  }
  await using hers = await at('/profile', alice.cookie)
  await leave(hers.page, 'Keep them, shown as “Deleted user”')
  await hers.page.getByText('A workspace needs at least one owner').waitFor()
  await using his = await at('/profile', bob.cookie)
  await leave(his.page, 'Delete them too')
  await his.page.getByRole('link', { name: 'Sign in' }).waitFor()
  await hers.page.goto('/rooms/his-own')
  await composer(hers.page).waitFor()
  await hers.page.getByText('Mine to take along').waitFor({ state: 'detached' })
  desk.assertQuiet()
})

test('alice chooses the dark theme and German, and signs out', async () => {
  const session = await server.signIn('alice')
  await using hers = await at('/preferences', session.cookie)
  const { page } = hers
  await page.getByLabel('Dark').check()
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  await page.locator('select').selectOption('de')
  await page.getByRole('heading', { name: 'Erscheinungsbild' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'de')
  assert.ok(await page.getByLabel('Dunkel').isChecked())
  await page.getByRole('button', { name: 'Abmelden' }).click()
  await page.getByRole('link', { name: 'Konto erstellen' }).waitFor()
  assert.equal((await session.refused('me.get', {})).code, 'signed_out')
  desk.assertQuiet()
})
