import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  fingerprintOf,
  hashSecret,
  isSessionSecret,
  isTokenSecret,
  newSessionSecret,
  newTokenSecret,
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

test('a fingerprint is equal for equal parts under one salt, and for nothing else', () => {
  const fingerprint = fingerprintOf('salt', ['room', 'text', null])
  assert.equal(fingerprintOf('salt', ['room', 'text', null]), fingerprint)
  for (const other of [
    fingerprintOf('pepper', ['room', 'text', null]),
    fingerprintOf('salt', ['room', 'text', 'null']),
    fingerprintOf('salt', ['room,text', null]),
  ])
    assert.notEqual(other, fingerprint)
})
