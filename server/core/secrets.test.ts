import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  hashSecret,
  isSessionSecret,
  isTokenSecret,
  newSessionSecret,
  newTokenSecret,
  printOf,
  sameSecret,
  systemRandom,
} from './secrets.ts'

test('a secret has 256 bits, and no two are the same', () => {
  const made = Array.from({ length: 100 }, () => newSessionSecret(systemRandom))
  assert.equal(new Set(made).size, 100)
  for (const secret of made) assert.equal(Buffer.from(secret, 'base64url').length, 32)
  assert.ok(made.every(isSessionSecret))
  assert.ok(isTokenSecret(newTokenSecret(systemRandom)))
  assert.ok(!isTokenSecret(newSessionSecret(systemRandom)))
})

test('a secret is stored as its SHA-256', () => {
  assert.equal(hashSecret('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('secrets are compared by digests of one length', () => {
  assert.equal(sameSecret('a set-up code', 'a set-up code'), true)
  for (const wrong of ['', 'a', 'a set-up cod', 'a set-up code ', 'A set-up code', 'é'.repeat(100)])
    assert.equal(sameSecret(wrong, 'a set-up code'), false, wrong)
})

test('a print is equal for equal parts under one salt, and for nothing else', () => {
  const print = printOf('salt', ['room', 'text', null])
  assert.equal(printOf('salt', ['room', 'text', null]), print)
  for (const other of [
    printOf('pepper', ['room', 'text', null]),
    printOf('salt', ['room', 'text', 'null']),
    printOf('salt', ['room,text', null]),
  ])
    assert.notEqual(other, print)
})
