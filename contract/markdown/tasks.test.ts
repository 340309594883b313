import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from './parse.ts'
import { tasksIn, withTaskTurned } from './tasks.ts'

test('boxes of a list are tasks, and turning one changes its sign alone', () => {
  const written = '```\n- [ ] code\n```\n- [x] a\n- b\n  1. [ ] [ ] c\n> - [ ] d'
  assert.deepEqual(tasksIn(parse(written)), [true, false, false])
  assert.equal(withTaskTurned(written, 0), written.replace('[x] a', '[ ] a'))
  assert.equal(withTaskTurned(written, 1), written.replace('[ ] [ ] c', '[x] [ ] c'))
  assert.equal(withTaskTurned(written, 2), written.replace('[ ] d', '[x] d'))
  assert.equal(withTaskTurned(written, 3), written)
  assert.equal(parse('- [ ]')[0]?.is, 'list')
  assert.deepEqual(tasksIn(parse('- [ ]\n- [y] a\n- [x]b')), [])
})
