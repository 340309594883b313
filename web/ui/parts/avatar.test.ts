import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AvatarId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { avatarUrl, hueOf, hues, initialsOf } from './avatar.ts'

test('somebody without a picture has one or two letters', () => {
  const named = (displayName: string, username = '') => initialsOf({ displayName, username })
  assert.equal(named('Anna Kowalski'), 'AK')
  assert.equal(named('Anna Maria Kowalski'), 'AK')
  assert.equal(named('', 'mallory'), 'M')
  assert.equal(named('李 军'), '李军')
  assert.equal(named('(no) [name]'), 'NN')
  assert.equal(named('🚲', ''), '–')
  assert.equal(initialsOf(undefined), '–')
})

test('ids that were made one after the other get all the colours', () => {
  const seen = new Set(Array.from({ length: 300 }, () => hueOf(newId(1_700_000_000_000))))
  assert.equal(seen.size, hues)
})

test('a picture is fetched in the smallest size that is sharp', () => {
  const id = 'x' as AvatarId
  assert.equal(avatarUrl(id, 20), '/files/x/48.webp')
  assert.equal(avatarUrl(id, 36), '/files/x/128.webp')
  assert.equal(avatarUrl(id, 96), '/files/x/512.webp')
})
