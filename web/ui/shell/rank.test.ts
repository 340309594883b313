import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rank } from './rank.ts'

const find = (names: readonly string[], typed: string) => rank(names, name => [name], typed, 10)

test('alice finds what begins with her letters before what only holds them', () => {
  assert.deepEqual(find(['Photography', 'Tools', 'General to do', 'to'], 'to'), [
    'to',
    'Tools',
    'General to do',
    'Photography',
  ])
})

test('case and accents do not matter', () => {
  assert.deepEqual(find(['Tomás', 'Ann'], 'TOMAS'), ['Tomás'])
  assert.deepEqual(find(['Straße'], 'strasse'), ['Straße'])
})

test('nothing typed shows the first ones, something strange shows none', () => {
  assert.deepEqual(find(['b', 'a'], ' '), ['b', 'a'])
  assert.deepEqual(find(['b', 'a'], 'xyz'), [])
})

test('equals keep their order, and no more than asked for come back', () => {
  assert.deepEqual(
    rank(['ab', 'ac', 'ad'], name => [name], 'a', 2),
    ['ab', 'ac'],
  )
})
