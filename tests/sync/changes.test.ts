import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '../../contract/entities.ts'
import type { Event } from '../../contract/events.ts'
import type { Output } from '../../contract/operations.ts'
import type { CallResult, OpenRoom } from '../../web/sync/model.ts'
import {
  alice,
  bob,
  general,
  generalTopic,
  online,
  refusal,
  ScriptedServer,
  said,
  scriptedDevice,
  settle,
  TurnedClock,
} from './scripted.ts'

const hers = said(9, alice, 'hers')
const his = said(10, bob, 'his')

/** A room in which alice and bob have said one thing each. */
function world() {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  server.handlers['messages.list'] = () => ({
    ok: { messages: [hers, his], before: false, after: false, seq: 10 },
  })
  return { server, clock, device: scriptedDevice(server, clock) }
}

type Edited = CallResult<Output<'messages.edit'>>

/** Answers edits one by one, when the test says so. */
function editsOf(server: ScriptedServer) {
  const waiting: ((answer: Edited) => void)[] = []
  server.handlers['messages.edit'] = () => new Promise(resolve => waiting.push(resolve))
  return {
    get inputs() {
      return server.called('messages.edit')
    },
    async answer(answer: Edited) {
      const next = waiting.shift()
      assert.ok(next, 'nothing was edited')
      next(answer)
      await settle()
    },
  }
}

const edited = (text: string, rev = 1, message = hers): Event => ({
  e: 'message.edited',
  by: message.author,
  at: 20,
  id: message.id,
  text,
  rev,
})
const saved = (text: string, rev: number, seq: number): Edited => ({
  ok: { message: { ...hers, text, rev }, seq },
})
const removed = (message: Message): Event => ({
  e: 'message.deleted',
  by: alice,
  at: 20,
  id: message.id,
  of: message.seq,
  author: message.author,
})

/** The rows of a room with what is not confirmed of them. */
const changes = (open: OpenRoom) =>
  open.snapshot().rows.map(row => {
    if (row.is !== 'message') return `${row.is} ${row.draft.text}`
    const { message, change } = row
    return change ? `${message.text} (${change.error?.code ?? 'pending'})` : message.text
  })
const keyOfRow = (open: OpenRoom, n: number): string => {
  const row = open.snapshot().rows[n]
  const key = row?.is === 'message' ? row.change?.key : row?.is === 'failed' ? row.key : undefined
  assert.ok(key, 'nothing is asked for there')
  return key
}

test('[C4] an edit is shown at once as one that is not saved, until the server tells of it, before or after its answer', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'better')
  assert.deepEqual(changes(open), ['better (pending)', 'his'])
  assert.equal(client.snapshot().unsent, 1)
  await settle()
  await edits.answer(saved('better', 1, 11))
  assert.deepEqual(changes(open), ['better (pending)', 'his'])
  assert.equal(client.snapshot().unsent, 0)
  server.socket.events(generalTopic, 11, edited('better'))
  assert.deepEqual(changes(open), ['better', 'his'])
  await open.edit({ id: hers.id, rev: 1 }, 'best')
  await settle()
  server.socket.events(generalTopic, 12, edited('best', 2))
  assert.deepEqual(changes(open), ['best', 'his'])
  await settle()
  assert.equal(client.snapshot().unsent, 0)
  await edits.answer(saved('best', 2, 12))
  assert.deepEqual(changes(open), ['best', 'his'])
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('[C3] [C4] what alice does offline is done once and in order, after the page was closed and opened anew', async () => {
  const { server, clock, device } = world()
  {
    await using client = await online(server, device)
    using open = client.open(general)
    await settle()
    server.isReachable = false
    server.socket.close(1006)
    await open.post('new')
    await open.edit(hers, 'better')
    await open.remove(his.id)
    await clock.turn(60_000)
    assert.deepEqual(changes(open), ['better (pending)', 'pending new'])
  }
  server.isReachable = true
  const done: string[] = []
  server.handlers['messages.post'] = () => ({ ok: { seq: 10 + done.push('post') } })
  server.handlers['messages.edit'] = ({ text }) => saved(text, 1, 10 + done.push('edit'))
  server.handlers['messages.remove'] = () => ({ ok: { seq: 10 + done.push('remove') } })
  await using client = await device.tab()
  using open = client.open(general)
  await settle()
  assert.deepEqual(changes(open), ['better (pending)', 'pending new'])
  server.socket.welcome()
  await settle()
  assert.deepEqual(done, ['post', 'edit', 'remove'])
  assert.equal(client.snapshot().unsent, 0)
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('[C5] two tabs do not edit twice, and both show it', async () => {
  const { server, device } = world()
  const edits = editsOf(server)
  await using one = await online(server, device)
  await using two = await online(server, device)
  using here = one.open(general)
  using there = two.open(general)
  await settle()
  await here.edit(hers, 'better')
  await settle()
  assert.deepEqual(changes(there), ['better (pending)', 'his'])
  await edits.answer(saved('better', 1, 11))
  assert.equal(edits.inputs.length, 1)
  assert.equal(two.snapshot().unsent, 0)
})

test('[C3] edits of one message that are not sent yet are one edit; what comes while one is on its way follows it', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'first')
  await settle()
  const shown = open.snapshot().rows[0]
  assert.ok(shown?.is === 'message')
  await open.edit(shown.message, 'second')
  await open.edit(shown.message, 'third')
  assert.deepEqual(changes(open), ['third (pending)', 'his'])
  await edits.answer(saved('first', 1, 11))
  assert.deepEqual(edits.inputs, [
    { id: hers.id, text: 'first', was: 0 },
    { id: hers.id, text: 'third', was: 1 },
  ])
  assert.deepEqual(changes(open), ['third (pending)', 'his'])
  server.socket.events(generalTopic, 11, edited('first'))
  assert.deepEqual(changes(open), ['third (pending)', 'his'])
  await edits.answer(saved('third', 2, 12))
  server.socket.events(generalTopic, 12, edited('third', 2))
  assert.deepEqual(changes(open), ['third', 'his'])
})

test('[C4] an edit that was overtaken keeps both texts: one saves it all the same, or takes it back', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'mine')
  await settle()
  server.socket.events(generalTopic, 11, edited('from my phone'))
  await edits.answer(refusal('changed'))
  assert.deepEqual(changes(open), ['mine (changed)', 'his'])
  const [row] = open.snapshot().rows
  assert.ok(row?.is === 'message' && row.change)
  assert.equal(row.change.confirmed.text, 'from my phone')
  await open.edit(row.change.confirmed, 'mine')
  await settle()
  assert.deepEqual(edits.inputs.at(-1), { id: hers.id, text: 'mine', was: 1 })
  await edits.answer(refusal('denied'))
  assert.equal(await open.discard(keyOfRow(open, 0)), 'mine')
  assert.deepEqual(changes(open), ['from my phone', 'his'])
  assert.equal(client.snapshot().unsent, 0)
})

test('an edit of a message that was deleted meanwhile stands below all, and its text is not lost', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'many words')
  await settle()
  server.socket.events(generalTopic, 11, removed(hers))
  assert.deepEqual(changes(open), ['his'])
  await edits.answer(refusal('not_found'))
  assert.deepEqual(changes(open), ['his', 'failed many words'])
  assert.equal(await open.discard(keyOfRow(open, 1)), 'many words')
  assert.deepEqual(changes(open), ['his'])
})

test('a deletion is shown at once; where it is refused, the message is there again and says so', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const waiting: ((answer: CallResult<{ seq: number }>) => void)[] = []
  server.handlers['messages.remove'] = () => new Promise(resolve => waiting.push(resolve))
  using open = client.open(general)
  await settle()
  await open.remove(his.id)
  assert.deepEqual(changes(open), ['hers'])
  await settle()
  waiting.shift()?.(refusal('denied'))
  await settle()
  assert.deepEqual(changes(open), ['hers', 'his (denied)'])
  await open.retry(keyOfRow(open, 1))
  await settle()
  waiting.shift()?.({ ok: { seq: 11 } })
  await settle()
  assert.deepEqual(changes(open), ['hers'])
  server.socket.events(generalTopic, 11, removed(his))
  assert.deepEqual(changes(open), ['hers'])
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('a message that somebody else deleted meanwhile is deleted as wanted', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  server.handlers['messages.remove'] = () => refusal('not_found')
  using open = client.open(general)
  await settle()
  await open.remove(his.id)
  await settle()
  assert.equal(client.snapshot().unsent, 0)
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('what alice deletes is not edited any more', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  server.isReachable = false
  server.socket.close(1006)
  await open.edit(hers, 'better')
  await open.remove(hers.id)
  server.isReachable = true
  server.handlers['messages.remove'] = () => ({ ok: { seq: 11 } })
  await clock.turn(60_000)
  server.socket.welcome()
  await settle()
  assert.equal(server.called('messages.edit').length, 0)
  assert.equal(server.called('messages.remove').length, 1)
  assert.deepEqual(changes(open), ['his'])
})
