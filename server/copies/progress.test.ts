import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellTables } from './progress.ts'

/** What is told of two tables, the clock going on by 50 ms a page. */
function told(isTTY: boolean): string {
  let [text, clock] = ['', 0]
  const out = {
    isTTY,
    write(more: string) {
      text += more
    },
  }
  const watch = tellTables(out, () => clock)
  for (const table of ['users', 'messages']) {
    watch.begins('copying', table, 3_000)
    for (let page = 0; page < 3; page++) {
      clock += 50
      watch.goesOn(1_000)
    }
  }
  watch.begins('comparing', 'users', 3_000)
  watch.ends({ table: 'users', rows: 3_000, hash: 'ab'.repeat(32) })
  return text
}

test('where nobody looks a table is one line, when it is compared', () => {
  assert.equal(told(false), 'users: 3,000 rows, the same when read back (abababababab)\n')
})

test('one row is a row', () => {
  let text = ''
  tellTables({ write: more => (text += more) }).ends({ table: 'workspace', rows: 1, hash: 'ab'.repeat(32) })
  assert.equal(text, 'workspace: 1 row, the same when read back (abababababab)\n')
})

test('on a terminal a line is redrawn in place with how far it is, at most ten times a second, and then cleared', () => {
  assert.equal(
    told(true).replaceAll('\r\u001b[K', '<'),
    '<copying users: 1,000 of 3,000 rows, 20,000 a second' +
      '<copying users: 3,000 of 3,000 rows, 20,000 a second' +
      '<copying messages: 2,000 of 3,000 rows, 20,000 a second' +
      '<users: 3,000 rows, the same when read back (abababababab)\n',
  )
})
