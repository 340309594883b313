import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password } from '../../../contract/text.ts'
import { suggestPassword } from './suggest-password.ts'

test('alice is suggested passwords that the server takes, and never the same twice', () => {
  const suggested = Array.from({ length: 200 }, suggestPassword)
  assert.equal(new Set(suggested).size, 200)
  for (const one of suggested) {
    assert.match(one, /^[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){3}$/)
    assert.ok(password.safeParse(one).success)
  }
})
