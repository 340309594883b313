import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { MessageId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Person, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, assertFits, composer, looks, message } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
  const bob = await server.signUp('bob')
  const den = await alice.room('Den', 'private', [bob])
  const { rooms } = await alice.call('rooms.list', {})
  const general = rooms.find(({ name }) => name === 'General')?.id ?? den
  const first = await bob.says(
    general,
    'A **bold** word, `code`, a [link](https://example.org) and\n\n> a quote\n\n- one\n- two',
  )
  await alice.call('messages.post', {
    id: newId<MessageId>(),
    room: general,
    text: 'An answer',
    quote: first.id,
  })
  await alice.says(general, '```\nlet x = 1\n```')
  const { room } = await bob.call('direct.open', { users: [alice.id] })
  await bob.call('messages.post', { id: newId<MessageId>(), room: room.id, text: 'Between us' })
  await alice.token('a script')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** What shows that a screen has come, by its address. */
const screens: Record<string, (page: Page) => Promise<void>> = {
  '/rooms/general': page => message(page, 'An answer').waitFor(),
  '/browse': page => page.getByRole('button', { name: 'Open Random' }).waitFor(),
  '/direct/new': page => page.getByText('bob').last().waitFor(),
  '/profile': page => page.getByLabel('Username').waitFor(),
  '/security': page => page.getByText('a script').waitFor(),
  '/preferences': page => page.getByText('Theme').first().waitFor(),
  '/admin/people': page => page.getByText('bob').last().waitFor(),
  '/admin/rooms': page => page.getByText('Den').last().waitFor(),
  '/admin/workspace': page => page.getByRole('textbox').first().waitFor(),
  '/rooms/there-is-none': page => page.getByText('Room not found').waitFor(),
}

for (const { colorScheme, viewport } of looks)
  test(`every screen of alice's is accessible, fits and is quiet: ${colorScheme}, ${viewport.width} px`, async () => {
    await using browser = await desk.browser(server.url, { cookie: alice.cookie, colorScheme, viewport })
    const page = await browser.newPage()
    for (const [path, come] of Object.entries(screens)) {
      await page.goto(path)
      await come(page)
      await assertAccessible(page, path)
      await assertFits(page, path)
    }
    desk.assertQuiet()
  })

test('dialogs of a room are accessible: members, settings, people, the keys, the switcher', async () => {
  await using browser = await desk.browser(server.url, { cookie: alice.cookie })
  const page = await browser.newPage()
  await page.goto('/rooms/general')
  await composer(page).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').or(page.getByPlaceholder('Rooms, people, commands')).first().waitFor()
  await assertAccessible(page, 'switcher')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Room actions' }).click()
  await assertAccessible(page, 'menu of the room')
  await page.getByRole('menuitem', { name: 'Room settings' }).click()
  await page.getByRole('dialog').waitFor()
  await assertAccessible(page, 'room settings')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Create a room' }).click()
  await page.getByRole('dialog').waitFor()
  await assertAccessible(page, 'create a room')
  desk.assertQuiet()
})
