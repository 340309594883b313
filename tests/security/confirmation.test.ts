import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { TokenId, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Input, OperationName } from '../../contract/operations.ts'
import type { Actor } from '../support/core.ts'
import { password, TestCore } from '../support/core.ts'

type Call<Name extends OperationName = OperationName> = {
  readonly [Each in Name]: { readonly op: Each; readonly input: Input<Each> }
}[Name]

/** What raises authority, takes over an account or makes somebody another person, tried by an owner on somebody else. */
const calls = (of: UserId): readonly Call[] => [
  { op: 'users.create', input: { id: newId(), username: `made-${newId()}`, password } },
  { op: 'users.create', input: { id: newId(), username: `made-${newId()}`, password, role: 'owner' } },
  { op: 'users.change', input: { id: of, password: 'another good one' } },
  { op: 'users.change', input: { id: of, role: 'owner' } },
  { op: 'users.change', input: { id: of, state: 'deactivated' } },
  { op: 'users.change', input: { id: of, email: 'mallory@example.org' } },
  { op: 'users.change', input: { id: of, username: `mine-${newId()}` } },
  { op: 'users.change', input: { id: of, displayName: 'Somebody Else' } },
  { op: 'users.change', input: { id: of, firstName: 'Somebody' } },
  { op: 'users.change', input: { id: of, lastName: 'Else' } },
  { op: 'users.remove', input: { id: of, messages: 'keep' } },
  { op: 'tokens.create', input: { id: newId<TokenId>(), name: 'more' } },
]

async function scene() {
  const chat = await TestCore.open()
  const owner = await chat.setUp()
  const bob = await chat.signUp('bob')
  return { chat, owner, bob, [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() }
}

const nameOf = ({ op, input }: Call) =>
  `${op} of ${Object.keys(input)
    .filter(field => field !== 'id')
    .join(', ')}`

const refusal = async (actor: Actor, { op, input }: Call) => {
  const answer = await actor.ask(op, input)
  return 'error' in answer ? answer.error.code : 'ok'
}

describe('[A3] what raises authority or takes over an account', () => {
  for (const [at, call] of calls(newId<UserId>()).entries()) {
    test(`${nameOf(call)} is refused to an owner's token`, async () => {
      await using s = await scene()
      const { script } = await s.owner.script()
      const before = await s.chat.events('workspace')
      assert.equal(await refusal(script, calls(s.bob.id)[at] as Call), 'session_needed')
      assert.deepEqual(await s.chat.events('workspace'), before)
      await s.chat.signIn('bob')
    })

    test(`${nameOf(call)} asks an owner for the password, ten minutes after it was given`, async () => {
      await using s = await scene()
      s.chat.clock.turn(limits.confirmedMs + 1)
      const asked = calls(s.bob.id)[at] as Call
      assert.equal(await refusal(s.owner, asked), 'confirm_needed')
      await s.chat.signIn('bob')
      await s.owner.ok('me.confirm', { password })
      assert.equal(await refusal(s.owner, asked), 'ok')
    })
  }

  test('who may not do it is told so, not asked for a password', async () => {
    await using s = await scene()
    s.chat.clock.turn(limits.confirmedMs + 1)
    for (const call of calls(s.owner.id))
      if (call.op !== 'tokens.create') assert.equal(await refusal(s.bob, call), 'denied', nameOf(call))
  })

  test("a status, the name of the workspace and one's own name are changed without: by a token, and long after signing in", async () => {
    await using s = await scene()
    const { script } = await s.owner.script()
    s.chat.clock.turn(limits.confirmedMs + 1)
    for (const actor of [script, s.owner]) {
      await actor.ok('users.change', { id: s.bob.id, status: 'changed' })
      await actor.ok('me.change', { displayName: 'Alice the Owner' })
      await actor.ok('workspace.change', { name: 'Renamed' })
    }
  })
})
