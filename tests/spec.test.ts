import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

const root = join(import.meta.dirname, '..')

/** The ids of the rules: list items that begin with the id in bold, such as `- **L1** seqs of a topic are ...`. */
function rulesIn(markdown: string): string[] {
  return [...markdown.matchAll(/^\s*[-*] \*\*([A-Z]\d+)\*\*/gm)].map(([, id]) => id ?? '')
}

/** The ids with which string literals begin, as test titles do: `'[F4] a removed member ...'`, `'[L1] [L5] ...'`. */
function citedIn(source: string): string[] {
  const openings = source.matchAll(/['"`]((?:\[[A-Z]\d+\]\s*)+)/g)
  return [...openings].flatMap(([, ids]) => [...(ids ?? '').matchAll(/[A-Z]\d+/g)].map(([id]) => id))
}

describe('every rule of the specification is held by a test', () => {
  const rules = rulesIn(readFileSync(join(root, 'docs/SPEC.md'), 'utf8'))
  const files = globSync('{contract,server,web,tests}/**/*.test.ts', { cwd: root }).filter(
    path => path !== join('tests', 'spec.test.ts'),
  )
  const citations = files.flatMap(path =>
    citedIn(readFileSync(join(root, path), 'utf8')).map(id => ({ id, path })),
  )

  test('no rule is without a test whose title cites it', () => {
    const cited = new Set(citations.map(({ id }) => id))
    assert(rules.length > 0)
    assert.deepEqual(
      rules.filter(id => !cited.has(id)),
      [],
    )
  })

  test('no test cites a rule that does not exist', () => {
    const unknown = citations.filter(({ id }) => !rules.includes(id))
    assert.deepEqual(
      unknown.map(({ id, path }) => `[${id}] in ${path}`),
      [],
    )
  })

  test('no two rules have the same id', () => {
    assert.deepEqual(
      rules.filter((id, at) => rules.indexOf(id) !== at),
      [],
    )
  })
})

test('rules and citations are recognised as they are written', () => {
  assert.deepEqual(rulesIn('- **L1** one\n  - **F12** two\n* **P3** three\nnot **A1** this\n'), [
    'L1',
    'F12',
    'P3',
  ])
  assert.deepEqual(citedIn(`test('[L1] [L5] alice', f)\ntest(\`[F4] bob\`, f)\nx[A1] = 'see [P1]'`), [
    'L1',
    'L5',
    'F4',
  ])
})
