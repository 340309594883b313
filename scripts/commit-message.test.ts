import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageProblem } from './commit-message.ts'

test('a subject that names one area and is a sentence is taken, with a body or without', () => {
  for (const message of [
    'store: Say once what an event writes.',
    'store: Say once what an event writes.\n\nBecause it was said four times.',
    '# a comment of git\npage: Show it.\n# another',
    'Merge branch main',
    'fixup! store: Say once what an event writes.',
  ])
    assert.equal(messageProblem(message), null, message)
})

test('whatever else is refused, with what is wrong', () => {
  assert.match(messageProblem(`store: ${'Long '.repeat(15)}.`) ?? '', /83 characters; at most 72/)
  for (const subject of ['Show it.', 'page: show it.', 'page: Show it', 'page, core: Show it.', ''])
    assert.match(messageProblem(subject) ?? '', /area: Imperative sentence/, subject)
  assert.match(messageProblem('page: Show it.\nAt once.') ?? '', /blank line/)
})
