import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import type { Person, TestServer } from '../support/app.ts'
import type { Desk } from '../support/desk.ts'
import { aliceAtDesk, assertAccessible, isKept, message, press, taken } from '../support/desk.ts'

let desk: Desk
let server: TestServer
let alice: Person
let room: RoomId
let rooms = 0

before(async () => {
  ;({ desk, server, alice } = await aliceAtDesk())
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** Alice's page on a new room in which she has said this; `cut` takes its connection away, and a reload after `mend` brings it back. */
async function scene(...texts: readonly string[]) {
  room = await alice.room(`Room ${++rooms}`, 'private')
  const ids: MessageId[] = []
  for (const text of texts) ids.push((await alice.says(room, text)).id)
  const { page, [Symbol.asyncDispose]: close } = await desk.at(server.url, `/rooms/${room}`, alice.cookie)
  await isKept(page, texts.at(-1) ?? '')
  return { page, ids, [Symbol.asyncDispose]: close, ...line(page, page.context()) }
}

function line(page: Page, context: BrowserContext) {
  let isCut = false
  return {
    async cut() {
      isCut = true
      await context.route('**/api/**', route =>
        isCut ? route.abort('internetdisconnected') : route.continue(),
      )
      await context.routeWebSocket(
        '**/ws',
        socket => void (isCut ? socket.close() : socket.connectToServer()),
      )
      await page.reload()
      await page.getByText('your messages are sent when the connection is back').waitFor()
    },
    async mend() {
      isCut = false
      await page.reload()
    },
  }
}

const offlineComplaints = /ERR_INTERNET_DISCONNECTED|WebSocket/

/** Chooses what can be done with a message, by its key. */
async function act(page: Page, text: string, key: string): Promise<void> {
  await message(page, text).focus()
  await page.keyboard.press(key)
}

async function edit(page: Page, text: string, to: string): Promise<void> {
  await act(page, text, 'e')
  await page.locator('.composer textarea').fill(to)
  await page.keyboard.press('Enter')
}

test('[C3] [C4] what alice edits and deletes offline is shown so, outlives a reload, and is done when she is back', async () => {
  await using it = await scene('a mistaek', 'a mistake to delete', 'the last word')
  const { page } = it
  await it.cut()
  await edit(page, 'a mistaek', 'no mistake')
  await message(page, 'no mistake').getByText('(saving…)').waitFor()
  await act(page, 'a mistake to delete', 'Delete')
  await press(page, 'Delete')
  await message(page, 'a mistake to delete').getByText('(deleting…)').waitFor()
  await page.getByText('To be sent when the connection is back: 2.').waitFor()
  await page.reload()
  await message(page, 'no mistake').getByText('(saving…)').waitFor()
  await message(page, 'a mistake to delete').getByText('(deleting…)').waitFor()
  assert.equal(await message(page, 'no mistake').getAttribute('data-state'), 'pending')
  await it.mend()
  await taken(page, 'no mistake').getByText('(edited)').waitFor()
  await message(page, 'a mistake to delete').waitFor({ state: 'detached' })
  const { messages } = await alice.call('messages.list', { room })
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['no mistake', 'the last word'],
  )
  desk.assertQuiet(offlineComplaints)
})

test('[C4] an edit that another device overtook shows both texts; alice saves hers, or takes the other', async () => {
  await using it = await scene('at six', 'by the bridge')
  const { page, ids } = it
  const [six, bridge] = ids as [MessageId, MessageId]
  await it.cut()
  await edit(page, 'at six', 'at seven')
  await edit(page, 'by the bridge', 'by the tower')
  await message(page, 'by the tower').waitFor()
  await alice.call('messages.edit', { id: six, text: 'at eight', was: 0 })
  await alice.call('messages.edit', { id: bridge, text: 'by the church', was: 0 })
  await it.mend()
  const [seven, tower] = [message(page, 'at seven'), message(page, 'by the tower')]
  await seven.getByText('This message was changed meanwhile').waitFor()
  await seven.locator('.quoted').getByText('at eight').waitFor()

  await tower.locator('.quoted').getByText('by the church').waitFor()
  await assertAccessible(page, 'edits that were overtaken')
  await seven.getByRole('button', { name: 'Save mine' }).click()
  await taken(page, 'at seven').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'ARTICLE')
  await tower.getByRole('button', { name: 'Discard' }).click()
  await taken(page, 'by the church').waitFor()
  const { messages } = await alice.call('messages.list', { room })
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['at seven', 'by the church'],
  )
  desk.assertQuiet(offlineComplaints)
})

test('[C4] an edit of a message that was deleted meanwhile keeps its text, which can be sent as a new message', async () => {
  await using it = await scene('soon gone', 'that stays')
  const { page, ids } = it
  await it.cut()
  await edit(page, 'soon gone', 'many words')
  await message(page, 'many words').waitFor()
  await alice.call('messages.remove', { id: ids[0] as MessageId })
  await it.mend()
  const row = message(page, 'many words')
  await row.getByText('Change not saved: This message was deleted meanwhile').waitFor()
  await row.getByRole('button', { name: 'Send as a new message' }).click()
  await taken(page, 'many words').waitFor()
  desk.assertQuiet(offlineComplaints)
})
