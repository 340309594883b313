import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainText } from './plain.ts'

test('bob reads the first words of a message on one line, without its marks', () => {
  assert.equal(plainText({ text: '**Hello**\n\n> there\n\n- you\n- too' }), 'Hello there you too')
  assert.equal(plainText({ text: 'x'.repeat(500) }).length, 200)
})

test('what a spoiler hides is in no quotation, also where the quotation ends within', () => {
  assert.equal(plainText({ text: 'He ||dies **here**|| then' }), 'He ■■■ then')
  assert.equal(plainText({ text: `He ||dies ${'x'.repeat(2_000)}|| then` }), 'He ■■■ then')
})

test('somebody who is called is written by today’s name, and without one as unknown', () => {
  const called = { text: 'Ask <@01890a5d-ac96-774b-bcce-b302099a8057>' }
  assert.equal(plainText(called), 'Ask @unknown')
  assert.equal(
    plainText(called, 200, () => '@bob'),
    'Ask @bob',
  )
})
