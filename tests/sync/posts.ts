import assert from 'node:assert/strict'
import type { Output } from '../../contract/operations.ts'
import type { CallResult, OpenRoom } from '../../web/sync/model.ts'
import type { ScriptedServer } from './scripted.ts'
import { settle } from './scripted.ts'

type Posted = CallResult<Output<'messages.post'>>

/** Answers posts one by one, when the test says so. */
export function postsOf(server: ScriptedServer) {
  const waiting: ((answer: Posted) => void)[] = []
  server.handlers['messages.post'] = () => new Promise(resolve => waiting.push(resolve))
  return {
    get texts() {
      return server.called('messages.post').map(input => (input as { text: string }).text)
    },
    async answer(answer: Posted) {
      const next = waiting.shift()
      assert.ok(next, 'nothing was posted')
      next(answer)
      await settle()
    },
  }
}

/** The rows of a room, each as what it is and its text. */
export const rows = (open: OpenRoom) =>
  open.snapshot().rows.map(row => `${row.is} ${row.is === 'message' ? row.message.text : row.draft.text}`)
