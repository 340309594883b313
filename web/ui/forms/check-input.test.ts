import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireError } from '../../../contract/frames.ts'
import { checkInput, fieldOf } from './check-input.ts'

const all = () => true
const of =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name)

test('alice signs up with a short password: it is told at that field before anything is sent', () => {
  const refused = checkInput('account.signUp', { username: 'alice', password: 'short' }, all)
  assert.deepEqual(
    refused.map(error => [error.field, error.code]),
    [['password', 'invalid']],
  )
  assert.deepEqual(
    checkInput('account.signUp', { username: 'alice', password: 'a long enough one' }, all),
    [],
  )
})

test('mallory sends several wrong fields: each is told once, in order, and only those that are on the form', () => {
  const input = { username: '', password: '', displayName: 'x\u202ey' }
  const fields = (shown: (field: string) => boolean) =>
    checkInput('account.signUp', input, shown).map(error => error.field)
  assert.deepEqual(fields(all), ['username', 'password', 'displayName'])
  assert.deepEqual(fields(of('password')), ['password'])
})

test('a refusal stands at the field it names, else where it belongs, else nowhere', () => {
  const error = (code: WireError['code'], field?: string): WireError => ({
    code,
    message: '',
    ...(field && { field }),
  })
  assert.equal(fieldOf(error('invalid', 'email'), of('email', 'name')), 'email')
  assert.equal(fieldOf(error('invalid', 'email'), of('name')), null)
  assert.equal(fieldOf(error('wrong_credentials'), of('username', 'password')), 'password')
  assert.equal(fieldOf(error('wrong_password'), of('password', 'current')), 'current')
  assert.equal(fieldOf(error('wrong_code'), of('code', 'workspace')), 'code')
  assert.equal(fieldOf(error('rate_limited', 'password'), of('password')), null)
  assert.equal(fieldOf(error('internal'), all), null)
})
