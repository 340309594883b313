import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { limits } from '../../contract/limits.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Person } from '../support/app.ts'
import { password, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, composer, press } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person
let bob: Person

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
  bob = await server.signUp('bob')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const at = (path: string, person: Person) => desk.at(server.url, path, person.cookie)

test('alice makes an account for carol, who gets in with what alice hands over', async () => {
  await using hers = await at('/admin/people', alice)
  const { page } = hers
  await page.getByRole('button', { name: 'Add person' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Username').fill('bob')
  await press(page, 'Create account')
  await dialog.getByText('That username is taken').waitFor()
  await dialog.getByLabel('Username').fill('carol')
  await dialog.getByLabel('Email').fill('carol@example.org')
  await assertAccessible(page, 'a new person')
  await press(page, 'Create account')
  await dialog.getByText('Share these sign-in details').waitFor()
  const [username = '', secret = ''] = await dialog.locator('code').allInnerTexts()
  await press(page, 'Done')
  const carol = await server.signIn(username, secret)
  await page.getByLabel('Search by name').fill('CAROL@example')
  await page.getByRole('button', { name: 'Manage carol' }).click()
  await dialog.getByLabel('Display name').fill('Carol Danvers')
  await press(page, 'Save')
  await dialog.getByText('Saved', { exact: true }).waitFor()
  await dialog.getByLabel('Role').selectOption('administrator')
  await dialog.locator('header').getByText('Administrator').waitFor()
  await assertAccessible(page, 'an account')
  const { me } = await carol.call('me.get', {})
  assert.deepEqual([me.displayName, me.role], ['Carol Danvers', 'administrator'])
  desk.assertQuiet()
})

test('alice deactivates bob, whose page ends at once, and takes it back; she cannot stop being the only owner', async () => {
  await using hers = await at('/admin/people', alice)
  await using his = await at('/rooms/general', bob)
  await composer(his.page).waitFor()
  const { page } = hers
  await page.getByRole('button', { name: 'Manage bob' }).click()
  await press(page, 'Deactivate')
  await press(page, 'Deactivate')
  await his.page.getByText('Your session has ended').waitFor()
  await his.page.getByRole('link', { name: 'Sign in' }).click()
  await his.page.getByLabel('Username').fill('bob')
  await his.page.getByLabel('Password', { exact: true }).fill('not the password')
  await his.page.getByRole('button', { name: 'Sign in' }).click()
  await his.page.getByText('Wrong username or password').waitFor()
  await his.page.getByLabel('Password', { exact: true }).fill(password)
  await his.page.getByRole('button', { name: 'Sign in' }).click()
  await his.page.getByText('Your account is deactivated. Ask an administrator').waitFor()
  await press(page, 'Reactivate')
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).waitFor()
  await press(page, 'Close')
  bob = await server.signIn('bob', password)
  await page.getByRole('button', { name: 'Manage alice' }).click()
  await page.getByRole('dialog').getByLabel('Role').selectOption('member')
  await page.getByText('A workspace needs at least one owner').waitFor()
  assert.equal((await alice.call('me.get', {})).me.role, 'owner')
  desk.assertQuiet(/401|403/)
})

test('alice deletes an account and its messages from the page of people', async () => {
  const mallory = await server.signUp('mallory')
  const room = await mallory.room('Spam')
  await mallory.says(room, 'Buy now')
  await using hers = await at('/admin/people', alice)
  await hers.page.getByRole('button', { name: 'Manage mallory' }).click()
  await press(hers.page, 'Delete account')
  await hers.page.getByLabel('Delete them too').check()
  await press(hers.page, 'Delete account')
  await hers.page.getByRole('button', { name: 'Manage mallory' }).waitFor({ state: 'detached' })
  assert.equal((await mallory.refused('me.get', {})).code, 'signed_out')
  desk.assertQuiet()
})

test('what takes over an account asks alice for her password first, and goes on once she has given it', async () => {
  let later = 0
  const clock = { ...systemClock, now: () => systemClock.now() + later }
  await using slow = await TestServer.bare({}, { clock })
  const hers = await slow.setUp('alice')
  const his = await slow.signUp('bob')
  later = limits.confirmedMs + 1
  await using browser = await desk.browser(slow.url, { cookie: hers.cookie })
  const page = await browser.newPage()
  await page.goto('/admin/people')
  await page.getByRole('button', { name: 'Manage bob' }).click()
  await press(page, 'Deactivate')
  await press(page, 'Deactivate')
  await page.getByLabel('Your password').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('Confirm your password first').waitFor()
  await his.call('me.get', {})
  await press(page, 'Deactivate')
  await page.getByLabel('Your password').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).waitFor()
  assert.equal((await his.refused('me.get', {})).code, 'signed_out')
  desk.assertQuiet()
})

test('alice oversees a private room of others: she deletes a message, then the room, after typing its name', async () => {
  const room = await bob.room('Den', 'private')
  await bob.says(room, 'Not for here')
  await using hers = await at('/admin/rooms', alice)
  const { page } = hers
  await page.getByRole('link', { name: 'Messages in Den' }).click()
  await page.getByText('Not for here').waitFor()
  await assertAccessible(page, 'the messages of a room')
  await page.getByRole('button', { name: /^Delete message from bob/ }).click()
  await press(page, 'Delete')
  await page.getByText('No messages yet').waitFor()
  assert.equal((await bob.call('messages.list', { room })).messages.length, 0)
  await page.getByRole('link', { name: 'All rooms' }).click()
  await page.getByRole('button', { name: 'Settings for Den' }).click()
  await press(page, 'Delete room')
  const sure = page.getByRole('dialog').last().getByRole('button', { name: 'Delete room' })
  await page.getByLabel('Type “Den” to confirm').fill('den')
  assert.ok(await sure.isDisabled())
  await page.getByLabel('Type “Den” to confirm').fill('Den')
  await sure.click()
  await page.getByRole('button', { name: 'Settings for Den' }).waitFor({ state: 'detached' })
  assert.equal((await bob.refused('rooms.get', { id: room })).code, 'not_found')
  desk.assertQuiet()
})

test('alice looks through the messages of all rooms, of one person, and deletes one; what is said between two is not among them', async () => {
  const carla = await server.signUp('carla')
  const [den, hall] = [await bob.room('Nook', 'private'), await carla.room('Hall')]
  await bob.says(den, 'Whispered in the nook')
  await carla.says(hall, 'Said in the hall')
  const { room } = await bob.call('direct.open', { users: [carla.id] })
  await bob.says(room.id, 'Between the two of us')
  await using hers = await at('/admin/people', alice)
  const { page } = hers
  await page.getByRole('button', { name: 'Manage bob' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Show messages' }).click()
  await page.getByText('Whispered in the nook').waitFor()
  assert.equal(await page.getByText('Said in the hall').count(), 0)
  await page.getByLabel('Person', { exact: true }).selectOption({ label: 'Everyone' })
  await page.getByText('Said in the hall').waitFor()
  await assertAccessible(page, 'messages of all rooms')
  await page.getByLabel('Room', { exact: true }).selectOption({ label: 'Nook' })
  await page.getByText('Said in the hall').waitFor({ state: 'detached' })
  assert.equal(await page.getByText('Between the two of us').count(), 0)
  await page.getByRole('button', { name: /^Delete message from bob/ }).click()
  await press(page, 'Delete')
  await page.getByText('No messages yet').waitFor()
  assert.equal((await bob.call('messages.list', { room: den })).messages.length, 0)
  desk.assertQuiet()
})

test("alice takes bob's picture away", async () => {
  const picture = sharp({ create: { width: 9, height: 9, channels: 3, background: '#3a7' } })
  const response = await bob.fetch('/api/me/avatar', {
    method: 'PUT',
    body: new Uint8Array(await picture.png().toBuffer()),
    headers: { 'content-type': 'image/png' },
  })
  assert.equal(response.status, 200)
  await using hers = await at('/admin/people', alice)
  const { page } = hers
  await page.getByRole('button', { name: 'Manage bob' }).click()
  await press(page, 'Remove picture')
  await press(page, 'Remove picture')
  await page.getByRole('button', { name: 'Remove picture' }).first().waitFor({ state: 'detached' })
  assert.equal((await bob.call('me.get', {})).me.avatar, null)
  desk.assertQuiet()
})

test('archiving asks alice first', async () => {
  const room = await alice.room('Cellar')
  await using hers = await at('/admin/rooms', alice)
  const { page } = hers
  await page.getByRole('button', { name: 'Settings for Cellar' }).click()
  await press(page, 'Archive')
  await page.getByText('Archive Cellar for everyone?').waitFor()
  await press(page, 'Cancel')
  assert.equal((await alice.call('rooms.get', { id: room })).room.archived, false)
  await press(page, 'Archive')
  await press(page, 'Archive')
  await page.getByRole('dialog').getByRole('button', { name: 'Unarchive' }).waitFor()
  desk.assertQuiet()
})

test('what alice typed on her profile is there when she comes back to it, and the page does not go without asking', async () => {
  await using hers = await at('/profile', alice)
  const { page } = hers
  await page.getByLabel('Status').fill('Half a thought')
  await page.getByRole('link', { name: 'Preferences' }).click()
  await page.getByLabel('Dark').waitFor()
  await page.getByRole('link', { name: 'Profile' }).click()
  await page.getByText('Unsaved changes').waitFor()
  assert.equal(await page.getByLabel('Status').inputValue(), 'Half a thought')
  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const dialog = await asked
  assert.equal(dialog.type(), 'beforeunload')
  await dialog.dismiss()
  await page.getByRole('button', { name: 'Discard changes' }).click()
  assert.equal(await page.getByLabel('Status').inputValue(), '')
  await page.getByRole('link', { name: 'Preferences' }).click()
  await page.getByRole('link', { name: 'Profile' }).click()
  assert.equal(await page.getByLabel('Status').inputValue(), '')
  desk.assertQuiet()
})

test('bob, a member, finds no administration', async () => {
  await using his = await at('/admin/people', bob)
  await his.page.getByText('Administrators only').waitFor()
  await assertAccessible(his.page, 'no administration')
  desk.assertQuiet()
})

test('alice renames the workspace', async () => {
  await using hers = await at('/admin/workspace', alice)
  await hers.page.getByLabel('Name').fill('Riverside')
  await hers.page.getByRole('button', { name: 'Save' }).click()
  await hers.page.getByText('Saved', { exact: true }).waitFor()
  assert.equal((await server.nobody.call('workspace.get', {})).name, 'Riverside')
  desk.assertQuiet()
})

test('while a page is fetched, grey shapes of a page stand there and not of messages', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  let letGo = () => {}
  const held = new Promise<void>(resolve => {
    letGo = resolve
  })
  await page.route(/\/assets\/AdminPeople-.*\.js/, async route => {
    await held
    await route.continue()
  })
  await page.goto('/admin')
  await page
    .getByRole('status', { name: 'Loading', exact: true })
    .and(page.locator('.page-skeleton'))
    .waitFor()
  assert.equal(await page.getByRole('status', { name: 'Loading messages' }).count(), 0)
  letGo()
  await page.getByRole('button', { name: 'Add person' }).waitFor()
  desk.assertQuiet()
})
