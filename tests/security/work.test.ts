import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Input, OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { TestCore } from '../support/core.ts'
import { Cast } from './cast.ts'
import type { Row } from './permissions.ts'
import { permissions } from './permissions.ts'

/** What is asked of the store, by name, in its order. */
function counting(): { wrap: (store: Store) => Store; calls: string[] } {
  const calls: string[] = []
  const wrap = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name, self) => {
        const value = Reflect.get(target, name, self) as unknown
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          if (typeof name === 'string') calls.push(name)
          return value.apply(target, given)
        }
      },
    })
  return { wrap, calls }
}

describe('[A2] what one may not see costs the store what is not there costs', () => {
  for (const op of Object.keys(operations) as OperationName[])
    for (const row of permissions[op] as readonly Row[])
      if (row.kind === 'direct' && row.absent)
        test(`${op} on ${row.on}`, async () => {
          const { wrap, calls } = counting()
          await using chat = await TestCore.open({ wrap })
          const cast = new Cast(chat, await chat.setUp())
          const stage = await cast.stage('outsider', 'direct')
          const [hidden, absent] = [await row.input(stage, cast), row.absent?.(stage)]
          const workOf = async (input: Input<OperationName>) => {
            calls.length = 0
            const answer = await stage.actor.ask(op, input)
            assert.ok('error' in answer, JSON.stringify(answer))
            return [...calls]
          }
          await workOf(hidden)
          const work = await workOf(hidden)
          assert.deepEqual(work, await workOf(absent as Input<OperationName>))
          for (const reads of ['history', 'membersOf', 'memberIds', 'notHere'])
            assert.ok(!work.includes(reads), `${reads} before it was known that they may`)
        })
})

test('[A2] a page of history around a message of a foreign direct room costs what one around none costs', async () => {
  const { wrap, calls } = counting()
  await using chat = await TestCore.open({ wrap })
  const cast = new Cast(chat, await chat.setUp())
  const { actor, room, others } = await cast.stage('outsider', 'direct')
  const own = await actor.room('Mine', 'private')
  const workOf = async (of: RoomId, around: MessageId) => {
    calls.length = 0
    await actor.refused('messages.list', { room: of, around }, 'not_found')
    return [...calls]
  }
  await workOf(room, others)
  assert.deepEqual(await workOf(room, others), await workOf(newId<RoomId>(), newId<MessageId>()))
  assert.deepEqual(await workOf(own, others), await workOf(own, newId<MessageId>()))
})
