import assert from 'node:assert/strict'
import { pbkdf2Sync } from 'node:crypto'
import { test } from 'node:test'
import { Unavailable } from '../ports/failures.ts'
import { createPasswords, djangoIterationsMax, refuseWeak } from './passwords.ts'

const django = (password: string, iterations: number): string =>
  `pbkdf2_sha256$${iterations}$aSalt$${pbkdf2Sync(password, 'aSalt', iterations, 32, 'sha256').toString('base64')}`

test('a password is kept as argon2id with 19 MiB, two passes and a salt of its own', async () => {
  const passwords = createPasswords()
  const [one, other] = [await passwords.hash('correct horse'), await passwords.hash('correct horse')]
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(one, other)
  assert.deepEqual(await passwords.verify('correct horse', one), { right: true, stale: false })
  assert.deepEqual(await passwords.verify('correct horses', one), { right: false, stale: false })
})

test('a hash that another program made of the same form is verified', async () => {
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.deepEqual(await createPasswords().verify('password', reference), { right: true, stale: true })
})

test("Django's hashes are verified, and are to be made anew", async () => {
  const passwords = createPasswords()
  assert.deepEqual(await passwords.verify('old one', django('old one', 1_000)), { right: true, stale: true })
  assert.deepEqual(await passwords.verify('new one', django('old one', 1_000)), { right: false, stale: true })
})

test('no password is right for who has none, and for a hash that is none', async () => {
  const passwords = createPasswords()
  const tooHard = django('x', 1).replace('$1$', `$${djangoIterationsMax + 1}$`)
  for (const stored of [null, '', '!unusable', 'md5$a$b', '$argon2id$v=19$m=19456,t=2,p=1$$', tooHard])
    assert.equal((await passwords.verify('', stored)).right, false, String(stored))
})

test('two are hashed at once, two hundred wait, and the next is turned away', async () => {
  let running = 0
  let most = 0
  const gate = Promise.withResolvers<void>()
  const passwords = createPasswords({
    derive: async () => {
      most = Math.max(most, ++running)
      await gate.promise
      running -= 1
      return new Uint8Array(32)
    },
  })
  const asked = Array.from({ length: 202 }, () => passwords.hash('x'))
  await assert.rejects(passwords.hash('x'), Unavailable)
  gate.resolve()
  await Promise.all(asked)
  assert.equal(most, 2)
})

test('the commonest passwords and the names beside a password are refused, however they are written', () => {
  const names = ['alice', 'Alice Liddell', 'wonderland@example.org', 'Looking Glass']
  for (const weak of [
    'password',
    'PASSWORD',
    '12345678',
    'Alice Liddell',
    'ALICE',
    'wonderland',
    'looking glass',
  ])
    assert.equal(refuseWeak(weak, names)?.error.code, 'invalid', weak)
  for (const good of ['alice in wonderland', 'correct horse battery', 'Glass Looking'])
    assert.equal(refuseWeak(good, names), null, good)
})
