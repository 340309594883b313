import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..', '..')
const lines = readFileSync(join(import.meta.dirname, 'advisories.md'), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('- '))

const cited = (line: string): { file: string; title: string }[] =>
  [...line.matchAll(/`([\w./-]+\.tsx?)`: "([^"]+)"/g)].map(([, file = '', title = '']) => ({ file, title }))

/** A title as it stands in the source, whose quotes may be escaped there. */
const holds = (source: string, title: string): boolean => source.replaceAll('\\', '').includes(title)

test('every attack that is listed is tried by a test that is there, or its feature is absent', () => {
  assert.ok(lines.length > 60)
  for (const line of lines) {
    const [, answer = ''] = line.split(' → ')
    const tests = cited(answer)
    assert.ok(tests.length > 0 || answer.startsWith('feature absent: '), line)
    for (const { file, title } of tests)
      assert.ok(holds(readFileSync(join(root, file), 'utf8'), title), `${file} has no test "${title}"`)
  }
})
