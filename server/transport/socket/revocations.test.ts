import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId, SessionId, UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import type { Ended, Removal } from '../../core/ports/endings.ts'
import { Revocations } from './revocations.ts'

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

/** A store whose endings and answers the test decides, and what a node does about them. */
function setUp() {
  const clock = new HandClock()
  const ended: SessionId[] = []
  const open = new Set<SessionId>()
  const script = {
    /** The first mark that is still kept. */
    keptFrom: 0,
    fails: false,
    /** Answers wait here until the test lets them go. */
    held: null as (() => void)[] | null,
    asked: 0,
    removals: [] as Removal[],
    /** Who is found to be out of the rooms that are heard, where they are asked about. */
    formerMembers: [] as Removal[],
    /** How long it takes to find them, and how often it was begun. */
    membershipsMs: 0,
    membershipsAsked: 0,
    membershipsFail: false,
  }
  const answer = (after: number | null): Ended => ({
    ids: after === null ? [] : ended.slice(Math.max(after, script.keptFrom)),
    removals: after === null ? [] : script.removals.splice(0),
    upTo: ended.length,
    whole: after === null || after >= script.keptFrom,
  })
  const store = {
    ended: async (after: number | null) => {
      script.asked++
      if (script.fails) throw new Error('out of reach')
      const read = answer(after)
      if (script.held) await new Promise<void>(resolve => script.held?.push(resolve))
      return read
    },
    alive: async (keys: readonly SessionId[]) =>
      new Map(keys.filter(key => !ended.includes(key)).map(key => [key, { expires: null }])),
  }
  const closed: SessionId[] = []
  const did = { released: 0 }
  const told: (Removal | 'released')[] = []
  const revocations = new Revocations({
    store,
    clock,
    open: () => [...open],
    end: keys => {
      for (const key of keys) if (open.delete(key as SessionId)) closed.push(key as SessionId)
    },
    removed: removals => void told.push(...removals),
    formerMembers: async () => {
      script.membershipsAsked++
      if (script.membershipsMs > 0)
        await new Promise<void>(resolve => void clock.after(script.membershipsMs, resolve))
      if (script.membershipsFail) throw new Error('out of reach')
      return script.formerMembers
    },
    release: () => {
      did.released++
      told.push('released')
    },
  })
  const turn = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      clock.turn(Math.min(100, left))
      await settled()
    }
  }
  const socket = (): SessionId => {
    const key = newId<SessionId>()
    open.add(key)
    return key
  }
  return { revocations, script, ended, closed, did, told, turn, socket }
}

test('[F4] what ended on another node is closed here within 300 ms, and nothing else', async () => {
  const { ended, closed, turn, socket } = setUp()
  await settled()
  const [alice, bob] = [socket(), socket()]
  await turn(1_000)
  ended.push(bob, newId<SessionId>())
  await turn(300)
  assert.deepEqual(closed, [bob])
  ended.push(alice)
  await turn(300)
  assert.deepEqual(closed, [bob, alice])
})

test('[F4] nothing is delivered before the first good read, nor when the last one began more than 900 ms ago', async () => {
  const { revocations, script, did, turn } = setUp()
  assert.equal(revocations.holding, true)
  await settled()
  assert.equal(revocations.holding, false)
  await turn(300)
  script.fails = true
  await turn(900)
  assert.equal(revocations.holding, false)
  await turn(100)
  assert.equal(revocations.holding, true)
  await turn(5_000)
  assert.equal(did.released, 1)
  script.fails = false
  await turn(300)
  assert.equal(revocations.holding, false)
  assert.equal(did.released, 2)
})

test('[F4] a read counts from its beginning: one that took a second says nothing of the second', async () => {
  const { revocations, script, ended, closed, did, turn, socket } = setUp()
  await settled()
  const bob = socket()
  script.held = []
  await turn(300)
  ended.push(bob)
  await turn(1_000)
  for (const answer of script.held.splice(0)) answer()
  await settled()
  assert.deepEqual([revocations.holding, closed, did.released], [true, [], 1])
  script.held = null
  await turn(300)
  assert.deepEqual([revocations.holding, closed, did.released], [false, [bob], 2])
})

test('[F4] whoever was held for is closed before anything is let go', async () => {
  const { revocations, script, ended, closed, turn, socket } = setUp()
  await settled()
  const bob = socket()
  script.fails = true
  ended.push(bob)
  await turn(1_200)
  assert.equal(revocations.holding, true)
  script.fails = false
  await turn(300)
  assert.equal(revocations.has(bob), true)
  assert.deepEqual(closed, [bob])
})

test('[F4] where marks were dropped before they were read, every socket is asked about', async () => {
  const { script, ended, closed, turn, socket } = setUp()
  await settled()
  const [alice, bob, carol] = [socket(), socket(), socket()]
  script.fails = true
  await turn(600)
  ended.push(bob, carol)
  script.keptFrom = 1
  script.fails = false
  await turn(300)
  assert.deepEqual(closed.sort(), [bob, carol].sort())
  assert.ok(!closed.includes(alice))
})

const removal = (): Removal => ({ room: newId<RoomId>(), who: newId<UserId>(), seq: 7 })

test('[F4] who was removed on another node is told here within 300 ms, and before anything that was held is let go', async () => {
  const { revocations, script, told, turn } = setUp()
  assert.equal(revocations.holding, true)
  await settled()
  const [first, second] = [removal(), removal()]
  await turn(300)
  script.removals.push(first)
  await turn(300)
  assert.deepEqual(told, ['released', first])
  script.fails = true
  await turn(1_200)
  assert.equal(revocations.holding, true)
  script.removals.push(second)
  script.fails = false
  await turn(300)
  assert.deepEqual(told, ['released', first, second, 'released'])
})

test('[F4] where marks were dropped before they were read, every room that is heard is asked about', async () => {
  const { revocations, script, ended, told, turn, socket } = setUp()
  assert.equal(revocations.holding, true)
  await settled()
  const former = removal()
  script.fails = true
  await turn(1_200)
  assert.equal(revocations.holding, true)
  ended.push(socket())
  script.keptFrom = 1
  script.formerMembers = [former]
  script.fails = false
  await turn(300)
  assert.deepEqual(told, ['released', former, 'released'])
})

test('[F4, I7] reading all memberships may take three seconds: it is let end once, and the next read lets deliveries go', async () => {
  const { revocations, script, ended, told, turn, socket } = setUp()
  await settled()
  const former = removal()
  ended.push(socket())
  Object.assign(script, { keptFrom: 1, formerMembers: [former], membershipsMs: 3_000 })
  await turn(3_200)
  assert.deepEqual([revocations.holding, told, script.membershipsAsked], [true, ['released'], 1])
  await turn(100)
  assert.deepEqual([revocations.holding, told], [true, ['released', former]])
  await turn(300)
  assert.deepEqual([revocations.holding, told], [false, ['released', former, 'released']])
  assert.equal(script.membershipsAsked, 1)
})

test('[F4] where reading all memberships fails it is begun again, and deliveries stay held until it is done', async () => {
  const { revocations, script, ended, told, turn, socket } = setUp()
  await settled()
  const former = removal()
  ended.push(socket())
  Object.assign(script, { keptFrom: 1, formerMembers: [former], membershipsMs: 3_000, membershipsFail: true })
  await turn(3_300)
  assert.deepEqual([revocations.holding, told, script.membershipsAsked], [true, ['released'], 1])
  script.membershipsFail = false
  await turn(3_300)
  assert.deepEqual([revocations.holding, told, script.membershipsAsked], [true, ['released', former], 2])
  await turn(300)
  assert.deepEqual([revocations.holding, told], [false, ['released', former, 'released']])
})

test('a read that is never answered is given up for another one, one at a time', async () => {
  const { revocations, script, ended, closed, turn, socket } = setUp()
  await settled()
  const bob = socket()
  script.held = []
  const before = script.asked
  await turn(1_900)
  assert.equal(script.asked, before + 1)
  const [stuck] = script.held
  script.held = null
  ended.push(bob)
  await turn(600)
  assert.deepEqual([revocations.holding, closed], [false, [bob]])
  stuck?.()
  await settled()
  ended.push(newId<SessionId>())
  await turn(300)
  assert.deepEqual(closed, [bob])
})
