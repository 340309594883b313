import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { memoryStorage } from '../../web/sync/storage/memory.ts'
import type { Storage } from '../../web/sync/storage/storage.ts'
import { postsOf } from './posts.ts'
import {
  alice,
  bob,
  general,
  generalTopic,
  online,
  posted,
  random,
  ScriptedServer,
  said,
  scriptedDevice,
  settle,
  TurnedClock,
} from './scripted.ts'

const world = () => {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  return { server, clock, device: scriptedDevice(server, clock) }
}

const editOf = (text: string, as: string) => ({
  message: said(10, alice, text).id,
  was: text,
  rev: 0,
  text: as,
})

test('[C3] a draft, the message it answers and an edit beside it are there again in the next page, each room its own', async () => {
  const { server, clock, device } = world()
  const quote = said(9, bob, 'who?').id
  {
    await using client = await online(server, device)
    using open = client.open(general)
    open.write({ text: 'half a thou', quote })
    await clock.turn(10_000)
    open.write({ text: 'half a thought' })
    open.write({ edit: editOf('pumb', 'pump') })
    assert.equal(client.snapshot().drafts.has(general), true)
  }
  await using client = await online(server, device)
  using open = client.open(general)
  using other = client.open(random)
  const { id, ...draft } = open.draft()
  assert.ok(id)
  assert.deepEqual(draft, { text: 'half a thought', quote, edit: editOf('pumb', 'pump') })
  assert.equal(other.draft().text, '')
  assert.deepEqual([...client.snapshot().drafts], [general])
})

test('leaving an edit, saved or not, leaves the draft as it was', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  open.write({ text: 'waiting' })
  open.write({ edit: editOf('pumb', 'pump') })
  server.handlers['messages.edit'] = () => ({ ok: { seq: 11, rev: 1 } as never })
  await open.edit({ id: said(10, alice, '').id, rev: 0 }, 'pump')
  open.write({ edit: null })
  assert.equal(open.draft().text, 'waiting')
})

test('what is marked is what would be missed: no bare quote, no edit without a change, no spaces', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  const marked = () => client.snapshot().drafts.has(general)
  open.write({ quote: said(9, bob, '').id, text: ' ', edit: editOf('same', 'same') })
  assert.equal(marked(), false)
  const before = client.snapshot()
  open.write({ edit: editOf('same', 'other') })
  assert.equal(marked(), true)
  open.write({ edit: null })
  assert.equal(marked(), false)
  open.write({ text: 'a' })
  const { drafts } = client.snapshot()
  open.write({ text: 'ab' })
  assert.equal(client.snapshot().drafts, drafts, 'nothing is drawn anew for another letter')
  assert.notEqual(before.drafts, drafts)
})

test('[C5] two tabs share a draft; sent in one, it stands in neither and is one message', async () => {
  const { server, clock, device } = world()
  const posts = postsOf(server)
  await using one = await online(server, device)
  await using two = await online(server, device)
  using here = one.open(general)
  using there = two.open(general)
  here.write({ text: 'said once' })
  await clock.turn(1_000)
  assert.equal(there.draft().text, 'said once')
  assert.equal(there.draft().id, here.draft().id)
  await there.send()
  await settle()
  assert.equal(here.draft().text, '')
  await here.send()
  await clock.turn(1_000)
  await posts.answer({ ok: { seq: 11 } })
  assert.deepEqual(posts.texts, ['said once'])
  assert.deepEqual(await device.storage.drafts(alice), new Map())
})

test('[C5] tabs that do not hear one another send one draft as one message, and its event clears it', async () => {
  const { server, clock, device } = world()
  const posts = postsOf(server)
  await using one = await online(server, device)
  const first = server.socket
  using here = one.open(general)
  here.write({ text: 'said once' })
  await clock.turn(1_000)
  await using two = await online(server, device)
  device.isMute = true
  using there = two.open(general)
  assert.equal(there.draft().text, 'said once')
  const { id } = there.draft()
  await here.send()
  await there.send()
  await settle()
  await posts.answer({ ok: { seq: 11 } })
  assert.deepEqual(
    new Set(server.called('messages.post').map(input => (input as { id: MessageId }).id)),
    new Set([id]),
  )
  here.write({ text: 'next' })
  first.events(generalTopic, 11, posted({ ...said(11, alice, 'said once'), id: id as MessageId }))
  await settle()
  assert.equal(here.draft().text, 'next')
})

test("[C5] an event of one's own message clears the draft that it was in a tab that was asleep", async () => {
  const { server, clock, device } = world()
  await using one = await online(server, device)
  using here = one.open(general)
  here.write({ text: 'said once' })
  await clock.turn(1_000)
  const { id } = here.draft()
  server.socket.events(generalTopic, 11, posted({ ...said(11, alice, 'said once'), id: id as MessageId }))
  assert.equal(here.draft().text, '')
})

test('[C5] what is typed on in one tab while another sends the draft stays, as another message', async () => {
  const { server, clock, device } = world()
  const posts = postsOf(server)
  await using one = await online(server, device)
  await using two = await online(server, device)
  using here = one.open(general)
  using there = two.open(general)
  here.write({ text: 'first' })
  await clock.turn(1_000)
  there.write({ text: 'first and more' })
  await here.send()
  await clock.turn(1_000)
  assert.equal(there.draft().text, 'first and more')
  assert.equal(here.draft().text, 'first and more')
  await posts.answer({ ok: { seq: 11 } })
  await there.send()
  await settle()
  await posts.answer({ ok: { seq: 12 } })
  assert.deepEqual(posts.texts, ['first', 'first and more'])
  assert.equal(new Set(server.called('messages.post').map(input => (input as { id: string }).id)).size, 2)
})

test('the tab that is typed in wins over what another one stored a moment before', async () => {
  const { server, clock, device } = world()
  await using one = await online(server, device)
  await using two = await online(server, device)
  using here = one.open(general)
  using there = two.open(general)
  here.write({ text: 'from the first tab' })
  await clock.turn(200)
  there.write({ text: 'from the second tab' })
  await clock.turn(5_000)
  assert.equal(here.draft().text, 'from the second tab')
  assert.equal(there.draft().text, 'from the second tab')
  assert.equal((await device.storage.draft(alice, general))?.text, 'from the second tab')
})

test('a draft of an older page, which knew no edits and no ids, is taken over', async () => {
  const { server, device } = world()
  await device.storage.setDraft(alice, general, { text: 'old', quote: null } as never)
  await using client = await online(server, device)
  using open = client.open(general)
  assert.equal(open.draft().text, 'old')
  assert.equal(open.draft().edit, null)
  const posts = postsOf(server)
  await open.send()
  await settle()
  assert.deepEqual(posts.texts, ['old'])
})

test('signing out deletes drafts and edits in every tab; a session that ends elsewhere leaves them', async () => {
  for (const isOwn of [true, false]) {
    const { server, clock, device } = world()
    const one = await online(server, device)
    const two = await online(server, device)
    one.open(general).write({ text: 'hers' })
    two.open(random).write({ edit: editOf('pumb', 'pump') })
    if (isOwn) await one.signOut()
    else for (const socket of server.sockets) socket.close(4001)
    await clock.turn(5_000)
    assert.equal((await device.storage.drafts(alice)).size, isOwn ? 0 : 2)
  }
})

test('a draft that the storage does not take stays in its tab, is tried again, and nothing is thrown', async () => {
  const { server, clock } = world()
  const kept = memoryStorage()
  let isFull = true
  const setDraft: Storage['setDraft'] = (...of) =>
    isFull ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : kept.setDraft(...of)
  const device = scriptedDevice(server, clock, { ...kept, setDraft })
  await using client = await online(server, device)
  using open = client.open(general)
  open.write({ text: 'half a thought' })
  await clock.turn(10_000)
  device.wake()
  await settle()
  assert.equal(open.draft().text, 'half a thought')
  isFull = false
  device.hide()
  await settle()
  assert.equal((await kept.drafts(alice)).get(general)?.text, 'half a thought')
})
