import assert from 'node:assert/strict'
import { test } from 'node:test'
import { giveNames } from './names.ts'
import { formsOfName } from './present.ts'

const rules = { forms: formsOfName, before: '-', most: 10 }
const given = (names: readonly string[], taken: readonly string[] = []) =>
  [
    ...giveNames(
      names.map((name, n) => ({ key: String(n), name })),
      new Set(taken),
      rules,
    ),
  ]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => name)

test('names equal after folding are told apart by a number, and who comes first keeps theirs', () => {
  assert.deepEqual(given(['bob', 'Bob', 'ＢＯＢ', 'alice']), ['bob', 'Bob-2', 'ＢＯＢ-3', 'alice'])
})

test('nobody is given a name that somebody further down has of their own', () => {
  assert.deepEqual(given(['bob', 'BOB', 'bob-2']), ['bob', 'BOB-3', 'bob-2'])
})

test('a name that is taken already is not given', () => {
  assert.deepEqual(given(['bob'], ['bob', 'bob-2']), ['bob-3'])
})

test('a numbered name keeps within the bound', () => {
  assert.deepEqual(given(['abcdefghij', 'ABCDEFGHIJ']), ['abcdefghij', 'ABCDEFGH-2'])
})

test('thousands of equal names are told apart soon', () => {
  const names = given(Array.from({ length: 5_000 }, () => 'bob'))
  assert.equal(new Set(names).size, 5_000)
})

test('names that look the same are told apart too', () => {
  assert.deepEqual(given(['alice', '\u0430lice', 'Ilse', 'llse']), [
    'alice',
    '\u0430lice-2',
    'Ilse',
    'llse-2',
  ])
})
