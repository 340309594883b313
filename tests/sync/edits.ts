import assert from 'node:assert/strict'
import type { Message } from '../../contract/entities.ts'
import type { Event } from '../../contract/events.ts'
import type { Output } from '../../contract/operations.ts'
import type { CallResult, OpenRoom } from '../../web/sync/model.ts'
import { alice, bob, ScriptedServer, said, scriptedDevice, settle, TurnedClock } from './scripted.ts'

export const hers = said(9, alice, 'hers')
export const his = said(10, bob, 'his')

/** A room in which alice and bob have said one thing each. */
export function world() {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  server.handlers['messages.list'] = () => ({
    ok: { messages: [hers, his], before: false, after: false, seq: 10 },
  })
  return { server, clock, device: scriptedDevice(server, clock) }
}

export type Edited = CallResult<Output<'messages.edit'>>

/** Answers edits one by one, when the test says so. */
export function editsOf(server: ScriptedServer) {
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

export const edited = (text: string, rev = 1, message = hers): Event => ({
  e: 'message.edited',
  by: message.author,
  at: 20,
  id: message.id,
  text,
  rev,
})
export const saved = (text: string, rev: number, seq: number): Edited => ({
  ok: { message: { ...hers, text, rev }, seq },
})
export const removed = (message: Message): Event => ({
  e: 'message.deleted',
  by: alice,
  at: 20,
  id: message.id,
  of: message.seq,
  author: message.author,
})

/** The rows of a room with what is not confirmed of them. */
export const changes = (open: OpenRoom) =>
  open.snapshot().rows.map(row => {
    if (row.is !== 'message') return `${row.is} ${row.draft.text}`
    const { message, change } = row
    return change ? `${message.text} (${change.error?.code ?? 'pending'})` : message.text
  })
export const keyOfRow = (open: OpenRoom, n: number): string => {
  const row = open.snapshot().rows[n]
  const key = row?.is === 'message' ? row.change?.key : row?.is === 'failed' ? row.key : undefined
  assert.ok(key, 'nothing is asked for there')
  return key
}
