import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { password, TestServer } from '../support/app.ts'
import { assertAccessible, composer, Desk, message, taken } from '../support/desk.ts'
import { isIn, menuTo, tabTo } from '../support/keyboard.ts'

let desk: Desk

before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

test('without a mouse alice makes an account, says something, changes it and deletes it', async () => {
  await using server = await TestServer.bare()
  const bob = await server.setUp('bob')
  await using browser = await desk.browser(server.url)
  const page = await browser.newPage()
  await page.goto('/')
  const key = (name: string) => page.keyboard.press(name)
  await page.getByText('Create an account').waitFor()
  await tabTo(page, /Create an account/)
  await key('Enter')
  await page.getByLabel('Username').waitFor()
  await tabTo(page, /Username/)
  await page.keyboard.type('alice')
  await tabTo(page, /^Password/)
  await page.keyboard.type(password)
  await key('Enter')
  await composer(page).waitFor()
  // By Ctrl+K to the room.
  await key('Control+k')
  await page.getByRole('combobox').waitFor()
  await page.keyboard.type('General')
  await page.getByRole('option', { name: /General/ }).waitFor()
  await key('Enter')
  await isIn(page, '[aria-label="Message General"]')
  await page.keyboard.type('Hello everybady')
  await key('Enter')
  await taken(page, 'Hello everybady').waitFor()
  // Changed from its own menu.
  await tabTo(page, /alice/, 'Shift+Tab')
  await isIn(page, 'article')
  await key('Enter')
  await page.getByRole('menu').waitFor()
  await isIn(page, '[role=menuitem]')
  await assertAccessible(page, 'the menu of a message')
  await menuTo(page, 'Edit')
  await key('Enter')
  await isIn(page, 'textarea')
  await key('Backspace')
  await key('Backspace')
  await key('Backspace')
  await page.keyboard.type('ody')
  await key('Enter')
  await message(page, 'Hello everybody').waitFor()
  const { rooms } = await bob.call('rooms.list', {})
  const general = rooms.find(({ name }) => name === 'General')?.id as RoomId
  const { messages } = await bob.call('messages.list', { room: general })
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['Hello everybody'],
  )
  // Deleted: what asks stays with Escape, and the focus goes back.
  await isIn(page, 'textarea')
  await tabTo(page, /alice/, 'Shift+Tab')
  await key('Delete')
  await page.getByRole('dialog').waitFor()
  await key('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await isIn(page, 'article')
  await key('Delete')
  await page.getByRole('dialog').waitFor()
  await tabTo(page, /^Delete$/)
  await key('Enter')
  await message(page, 'Hello everybody').waitFor({ state: 'detached' })
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await isIn(page, 'textarea')
  desk.assertQuiet()
})
