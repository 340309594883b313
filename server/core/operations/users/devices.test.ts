import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password, TestCore } from '../../../../tests/support/core.ts'
import type { Answer } from '../../answer.ts'
import { hashSecret } from '../../authentication/secrets.ts'
import { createRates } from '../../limits/rates.ts'
import type { Store } from '../../ports/store.ts'

const minuteMs = 60_000
const wrong = { username: 'alice', password: 'not her password' }
const right = { username: 'alice', password }

const codeOf = (answer: Answer<unknown>): string => ('error' in answer ? answer.error.code : 'ok')

/** Signs in, as from a browser at this address; answers the secret of its device cookie. */
async function deviceOf(chat: TestCore, username: string, more: { address: string; device?: string }) {
  const answer = await chat.nobody.ask('account.signIn', { username, password }, more)
  assert.ok('ok' in answer && answer.device, JSON.stringify(answer))
  return answer.device
}

/** 125 wrong passwords at alice's account, from 25 addresses. */
async function attack(chat: TestCore): Promise<void> {
  for (let n = 0; n < 125; n++)
    await chat.nobody.ask('account.signIn', wrong, { address: `203.0.113.${n % 25}` })
}

test('guesses from 25 addresses close signing in to strangers, and never to a browser that alice signed in with', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const alice = await chat.setUp('alice')
  const device = await deviceOf(chat, 'alice', { address: '198.51.100.1' })
  const { sessions } = await alice.ok('sessions.list', {})
  for (const { id, current } of sessions) if (!current) await alice.ok('sessions.remove', { id })
  await attack(chat)
  const from = (address: string, of?: string) =>
    chat.nobody.ask('account.signIn', right, { address, ...(of && { device: of }) })
  assert.equal(codeOf(await from('198.51.100.2')), 'rate_limited')
  assert.equal(codeOf(await from('198.51.100.2', device)), 'ok')
  assert.equal(codeOf(await from('203.0.113.1', device)), 'ok', 'from where they guess, too')
})

test('signing up and setting up make a known browser as well', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const code = { code: 'a-set-up-code-for-tests', workspace: 'Test' }
  const owner = await chat.nobody.ask('workspace.setUp', { ...code, username: 'owner', password })
  assert.ok('ok' in owner && owner.device)
  const alice = await chat.nobody.ask('account.signUp', right)
  assert.ok('ok' in alice && alice.device)
  await attack(chat)
  const answer = await chat.nobody.ask('account.signIn', right, {
    address: '198.51.100.2',
    device: alice.device,
  })
  assert.equal(codeOf(answer), 'ok')
})

test('whoever sits at a browser that alice signed in with guesses five times a minute, from however many addresses', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  await chat.setUp('alice')
  const device = await deviceOf(chat, 'alice', { address: '198.51.100.1' })
  const guess = async (n: number) =>
    codeOf(await chat.nobody.ask('account.signIn', wrong, { address: `203.0.113.${n}`, device }))
  for (let n = 0; n < 5; n++) assert.equal(await guess(n), 'wrong_credentials')
  assert.equal(await guess(6), 'rate_limited')
  chat.clock.turn(minuteMs)
  assert.equal(await guess(7), 'wrong_credentials')
})

test("a browser is known by who signed in with it: mallory's own gives him nothing at alice's account", async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  await chat.setUp('alice')
  await chat.signUp('mallory')
  const his = await deviceOf(chat, 'mallory', { address: '203.0.113.1' })
  await attack(chat)
  for (const device of [his, 'x', '', his.slice(1)]) {
    const answer = await chat.nobody.ask('account.signIn', right, { address: '198.51.100.9', device })
    assert.equal(codeOf(answer), 'rate_limited')
  }
})

test("alice signs in with a cookie that mallory planted: what she gets is not mallory's; whoever shares a browser stays known", async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  await chat.setUp('alice')
  await chat.signUp('mallory')
  const his = await deviceOf(chat, 'mallory', { address: '203.0.113.1' })
  const hers = await deviceOf(chat, 'alice', { address: '198.51.100.1', device: his })
  assert.notEqual(hers, his)
  assert.equal(await deviceOf(chat, 'alice', { address: '198.51.100.1', device: hers }), hers)
  await attack(chat)
  const shared = await deviceOf(chat, 'mallory', { address: '198.51.100.1', device: hers })
  assert.deepEqual(new Set(shared.split('.')), new Set(hers.split('.')))
  const late = await chat.nobody.ask('account.signIn', right, { address: '198.51.100.9', device: his })
  assert.equal(codeOf(late), 'rate_limited')
})

test("mallory at a browser of alice's signs in with accounts of his own: that gives him no further guesses at hers", async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  await chat.setUp('alice')
  const hers = await deviceOf(chat, 'alice', { address: '198.51.100.1' })
  const said: string[] = []
  for (let n = 0; n < 4; n++) {
    await chat.signUp(`mallory${n}`)
    const device = await deviceOf(chat, `mallory${n}`, { address: `203.0.113.${n}`, device: hers })
    for (let guess = 0; guess < 5; guess++) {
      const address = `203.0.113.${100 + n}`
      said.push(codeOf(await chat.nobody.ask('account.signIn', wrong, { address, device })))
    }
  }
  assert.equal(said.filter(code => code === 'wrong_credentials').length, 5)
})

test('guesses at the address where alice sits take nothing from her: she confirms, and changes her password', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const alice = await chat.setUp('alice')
  for (let n = 0; n < 6; n++) await chat.nobody.ask('account.signIn', wrong)
  assert.equal(codeOf(await chat.nobody.ask('account.signIn', right)), 'rate_limited')
  await alice.ok('me.confirm', { password })
  await alice.ok('me.changePassword', { current: password, password: 'another good one' })
})

test('guesses in a session are counted by the session, whatever addresses they come from, and too many end it', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const alice = await chat.setUp('alice')
  const other = await chat.signIn('alice')
  const said: string[] = []
  for (let n = 0; n < 130; n++) {
    const address = `203.0.113.${n % 50}`
    const guess =
      n % 2 === 0
        ? await alice.ask('me.confirm', { password: `guess ${n}` }, { address })
        : await alice.ask(
            'me.changePassword',
            { current: `guess ${n}`, password: 'mallory has it' },
            { address },
          )
    said.push(codeOf(guess))
    if (n % 10 === 9) chat.clock.turn(minuteMs)
  }
  assert.equal(said.filter(code => code === 'wrong_password').length, 20)
  assert.ok(said.slice(0, 5).every(code => code === 'wrong_password') && said[5] === 'rate_limited')
  assert.ok(said.includes('signed_out'))
  assert.equal(await chat.core.identify({ cookie: alice.cookie }), null)
  await other.ok('me.confirm', { password })
})

test('a right password in a session forgets the wrong ones', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const alice = await chat.setUp('alice')
  for (let round = 0; round < 8; round++) {
    for (let n = 0; n < 4; n++)
      await alice.refused('me.confirm', { password: 'x' }, 'wrong_password', 'password')
    await alice.ok('me.confirm', { password })
  }
})

test('what is counted outlives a restart, for a session and for a browser', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const rates = () => createRates({ store: chat.store, clock: chat.clock, limits: 'on' })
  const { identity } = alice
  assert.ok(identity?.by === 'session')
  const tried = { account: alice.id, address: '192.0.2.1', device: 'hash', signedInHere: true }
  for (let n = 0; n < 5; n++) {
    assert.equal(await rates().confirm(identity.id), null)
    assert.equal(await rates().signIn(tried), null)
  }
  assert.notEqual(await rates().confirm(identity.id), null)
  assert.notEqual(await rates().signIn({ ...tried, address: '192.0.2.2' }), null)
})

test('neither the name nor the password that somebody typed for a name is kept, and not the name of who is deleted', async () => {
  const keys: string[] = []
  const wrap = (store: Store): Store => ({
    ...store,
    count: (key, windowMs, now) => {
      keys.push(key)
      return store.count(key, windowMs, now)
    },
  })
  await using chat = await TestCore.open({ limits: 'on', wrap })
  await chat.setUp('alice')
  const bob = await chat.signUp('bob-the-builder')
  for (const username of ['my secret passphrase', 'Bob-The-Builder', 'nobody'])
    await chat.nobody.ask('account.signIn', { username, password: 'x' }, { address: '203.0.113.77' })
  await bob.ok('me.confirm', { password })
  await bob.ok('me.remove', { messages: 'delete' })
  assert.ok(keys.length > 6)
  for (const key of keys) assert.match(key, /^[\w-]{43}$/)
  for (const text of ['my secret passphrase', '203.0.113.77'])
    assert.equal(await chat.grep(text), false, text)
})

test('fifty browsers of one person are known, and none for longer than 400 days', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const alice = await chat.setUp('alice')
  const first = await deviceOf(chat, 'alice', { address: '198.51.100.1' })
  chat.clock.turn(minuteMs)
  const second = await deviceOf(chat, 'alice', { address: '198.51.100.1' })
  const isKnown = async (device: string) =>
    (await deviceOf(chat, 'alice', { address: '198.51.100.1', device })) === device
  for (let n = 0; n < 49; n++) {
    chat.clock.turn(minuteMs)
    await deviceOf(chat, 'alice', { address: `198.51.100.${n}` })
  }
  chat.clock.turn(minuteMs)
  assert.equal(await isKnown(second), true)
  assert.equal(await isKnown(first), false)
  chat.clock.turn(401 * 24 * 60 * minuteMs)
  while (await chat.store.knowsDevice(hashSecret(second), alice.id)) await new Promise(setImmediate)
})
