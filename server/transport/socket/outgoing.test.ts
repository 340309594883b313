import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { RoomId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { SentAnswers } from './outgoing.ts'

test('a slow line is known by the rooms that its answers tell of, until the operating system has taken them', () => {
  const tcp = { writableLength: 0 }
  const answers = new SentAnswers(tcp as Socket)
  const [tea, chess] = [newId<RoomId>(), newId<RoomId>()]
  const answer = (room: RoomId) => Buffer.from(JSON.stringify({ t: 'reply', ok: { messages: [{ room }] } }))
  answers.add(answer(chess))
  assert.ok(!answers.mayName([chess]), 'went at once')
  tcp.writableLength = 100
  answers.add(answer(tea))
  assert.deepEqual(
    [answers.mayName([tea]), answers.mayName([chess]), answers.mayName([chess, tea])],
    [true, false, true],
  )
  tcp.writableLength = 0
  answers.look()
  tcp.writableLength = 50
  assert.ok(!answers.mayName([tea]))
})
