import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RoomId, UserId } from '../../contract/ids.ts'
import { roomTopic, userTopic } from '../../contract/ids.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Change } from '../../server/core/log/change.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { TestCore } from '../support/core.ts'
import type { Role } from './cast.ts'
import { Cast } from './cast.ts'
import type { Row } from './permissions.ts'
import { permissions } from './permissions.ts'

/** Between a commit and its answer: what happens to the author. */
class Between {
  armed: ((change: Change) => Promise<void>) | null = null

  wrap = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name, self) => {
        const value = Reflect.get(target, name, self) as unknown
        if (name !== 'commit') return typeof value === 'function' ? value.bind(target) : value
        return async (change: Change) => {
          const outcome = await target.commit(change)
          if (outcome.is === 'done') await this.armed?.(change)
          return outcome
        }
      },
    })
}

/** The last commit of an operation that has several: what came before it is undone by nothing, and answered by it. */
const isLast = (op: OperationName, change: Change): boolean =>
  op !== 'rooms.remove' || change.rows.some(({ row }) => row === 'room erased')

/** Everything that they are, all at once: in no room any more, and signed in nowhere. */
async function endsAuthor(store: Store, user: UserId, room: RoomId): Promise<void> {
  const stamp = { by: user, at: 1_900_000_000_000 }
  const here = await store.membership(room, user)
  const [person] = (await store.users({ ids: [user] })).users
  assert.ok(person)
  const { email: _, ...seen } = person
  await store.commit({
    guards: [],
    appends: [
      ...(here
        ? [
            { topic: roomTopic(room), event: { e: 'member.removed', ...stamp, user } } as const,
            { topic: userTopic(user), event: { e: 'room.removed', ...stamp, room } } as const,
          ]
        : []),
      ...(person.state === 'active'
        ? [
            {
              topic: 'workspace',
              event: { e: 'user.changed', ...stamp, user: { ...seen, state: 'deactivated' } },
            } as const,
          ]
        : []),
    ],
    rows: [
      { row: 'sessions ended', user },
      { row: 'tokens ended', user },
    ],
  })
}

const roles = ['owner', 'administrator', 'manager', 'member', 'former', 'outsider'] as const

/** Who is answered by each row, of those who are at all. */
function doerOf(op: OperationName, row: Row): Role | null {
  const doers: readonly Role[] =
    op === 'rooms.join' ? ['outsider', 'member'] : ['member', 'manager', 'outsider', 'owner']
  return doers.find(role => row.expects[roles.indexOf(role as 'owner')] === 'ok') ?? null
}

const writes = (Object.keys(operations) as OperationName[]).filter(op => operations[op].method !== 'GET')

/** These are about who asks for them alone, and are answered before there is anybody. */
const asNobody = ['workspace.setUp', 'account.signUp', 'account.signIn']

describe('[A3] what was committed is answered as done, though its author is removed before the answer', () => {
  for (const op of writes.filter(op => !asNobody.includes(op)))
    for (const row of permissions[op] as readonly Row[]) {
      const role = doerOf(op, row)
      if (role === null) continue
      test(`${op} on ${row.on}`, async () => {
        const between = new Between()
        await using chat = await TestCore.open({ wrap: between.wrap })
        const owner = await chat.setUp()
        await chat.signUp('another')
        const cast = new Cast(chat, owner)
        const stage = await cast.stage(role, row.kind)
        const input = await row.input(stage, cast)
        let happened = 0
        between.armed = async change => {
          if (!isLast(op, change)) return
          between.armed = null
          happened++
          const room = 'id' in input && operations[op].path.startsWith('/api/rooms') ? input.id : stage.room
          await endsAuthor(chat.store, stage.actor.id, room as RoomId)
        }
        const answer = await stage.actor.ask(op, input, row.bytes ? { bytes: row.bytes } : {})
        assert.ok('ok' in answer, JSON.stringify(answer))
        if (happened === 0) assert.ok(changesNothing(op), `${op} committed nothing`)
      })
    }
})

/** Rows that ask for what is so already. */
const changesNothing = (op: OperationName): boolean => ['me.removeAvatar', 'rooms.join'].includes(op)
