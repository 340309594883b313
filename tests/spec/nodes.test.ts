import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId, Topic } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Announcement } from '../../server/core/ports/bus.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Person } from '../support/app.ts'
import { HandClock } from '../support/hand-clock.ts'
import { joinedBuses } from '../support/joined-bus.ts'
import { Crowd, Nodes } from '../support/nodes.ts'
import { randomFrom } from '../support/random.ts'
import { TestSocket } from '../support/socket.ts'
import { within } from '../support/within.ts'

/** Turns the clock on until something is so. */
async function turnUntil(clock: HandClock, done: () => boolean): Promise<void> {
  while (!done()) {
    clock.turn(50)
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** Two nodes whose second cannot read what ended while `cut.off` is true. */
async function cutOff() {
  const clock = new HandClock()
  const cut = { off: false, asked: 0 }
  const second = (store: Store): Store => ({
    ...store,
    ended: after => {
      if (cut.off) cut.asked++
      return cut.off ? Promise.reject(new Error('out of reach')) : store.ended(after)
    },
  })
  const nodes = await Nodes.open(2, { clock, overrides: n => (n === 1 ? { store: second } : {}) })
  const alice = await nodes.first.setUp('alice')
  await nodes.first.signUp('bob')
  await nodes.first.signUp('carol')
  const [bob, carol] = [await nodes.first.signIn('bob'), await nodes.first.signIn('carol')]
  const room = await alice.room('Plans', 'private', [bob, carol])
  clock.turn(1_000)
  await new Promise(setImmediate)
  return { clock, cut, nodes, alice, bob, carol, room }
}

test('[F1] [F2] [F3] six who talk over three nodes hear everything in one order, though the bus drops, doubles and reorders', async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const faults = { dropped: 0, doubled: 0, late: 0 }
  let late: Announcement | null = null
  const buses = joinedBuses(3, (announcement, tell) => {
    const dice = random()
    if (dice < 0.1) {
      faults.dropped++
      return
    }
    if (dice < 0.2 && !late) {
      faults.late++
      late = announcement
      return
    }
    tell(announcement)
    if (dice < 0.3) {
      faults.doubled++
      tell(announcement)
    }
    if (late) tell(late)
    late = null
  })
  await using nodes = await Nodes.open(3, { buses })
  using crowd = await Crowd.gather(nodes, 6, seed)
  await crowd.says(1_500)
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(JSON.stringify({ ...faults, acknowledged: crowd.acknowledged }))
  for (const count of Object.values(faults)) assert.ok(count > 20)
})

test('[F4] a session that ends on one node is closed on the other within a second, and no other is', async () => {
  await using nodes = await Nodes.open(2)
  await nodes.first.setUp('alice')
  const bob = await nodes.first.signUp('bob')
  const again = await nodes.first.signIn('bob')
  await nodes.seen()
  using ends = await TestSocket.of(nodes.second, nodes.at(nodes.second, bob))
  using stays = await TestSocket.of(nodes.second, nodes.at(nodes.second, again))
  await bob.call('account.signOut', {})
  assert.equal(await within(1_000, 'the end of a socket elsewhere', ends.closed), 4001)
  await stays.settled()
})

test('[F4] a node that cannot read who was signed out tells nobody anything, and bob nothing at all afterwards', async () => {
  const { clock, cut, nodes, alice, bob, carol, room } = await cutOff()
  await using _ = nodes
  using bobs = await TestSocket.of(nodes.second, nodes.at(nodes.second, bob))
  using carols = await TestSocket.of(nodes.second, nodes.at(nodes.second, carol))
  using own = await TestSocket.of(nodes.first, alice)
  cut.off = true
  await turnUntil(clock, () => cut.asked >= 4)
  await bob.call('account.signOut', {})
  const { seq } = await alice.says(room, 'for carol alone')
  await Promise.all([
    own.until(roomTopic(room), seq),
    turnUntil(clock, () => own.heard(roomTopic(room)).length > 0),
  ])
  await turnUntil(clock, () => cut.asked >= 8)
  assert.deepEqual(carols.heard(roomTopic(room)), [])
  cut.off = false
  const told = Promise.all([bobs.closed, carols.until(roomTopic(room), seq)])
  let done = false
  void told.then(() => {
    done = true
  })
  await turnUntil(clock, () => done)
  assert.equal(await bobs.closed, 4001)
  assert.deepEqual(bobs.heard(roomTopic(room)), [])
})

test('[F5] what a node holds for somebody is bounded: beyond it they are to come back', async () => {
  const { clock, cut, nodes, alice, bob, room } = await cutOff()
  await using _ = nodes
  using bobs = await TestSocket.of(nodes.second, nodes.at(nodes.second, bob))
  cut.off = true
  await turnUntil(clock, () => cut.asked >= 4)
  const posts = Array.from({ length: limits.queuedEvents + 1 }, (_, n) => alice.says(room, `${n}`))
  await Promise.all(posts)
  let code = 0
  void bobs.closed.then(closed => {
    code = closed
  })
  await turnUntil(clock, () => code !== 0)
  assert.equal(code, 1001)
  assert.deepEqual(bobs.heard(roomTopic(room)), [])
})

test('[S1] who types on one node is seen on the other, and presence goes over nodes too', async () => {
  await using nodes = await Nodes.open(2)
  const alice = await nodes.first.setUp('alice')
  const bob = await nodes.first.signUp('bob')
  const carol = await nodes.first.signUp('carol')
  const room = await alice.room('Plans', 'private', [bob])
  await nodes.seen()
  using bobs = await TestSocket.of(nodes.second, nodes.at(nodes.second, bob))
  using carols = await TestSocket.of(nodes.second, nodes.at(nodes.second, carol))
  bobs.send({ t: 'watch', users: [alice.id] })
  await bobs.frame('signal', frame => frame.s === 'presence' && frame.state === 'offline')
  using own = await TestSocket.of(nodes.first, alice)
  await bobs.frame('signal', frame => frame.s === 'presence' && frame.state === 'online')
  own.send({ t: 'signal', s: 'typing', room })
  await bobs.frame('signal', frame => frame.s === 'typing' && frame.user === alice.id)
  own.close()
  const from = bobs.frames.length
  await bobs.frame('signal', frame => frame.s === 'presence' && frame.state === 'offline', from)
  await carols.settled()
  assert.deepEqual(
    carols.frames.filter(frame => frame.t === 'signal'),
    [],
  )
})

test('[F4] bob, removed on one node, hears nothing more of the room on the other', async () => {
  await using nodes = await Nodes.open(2)
  const alice = await nodes.first.setUp('alice')
  const bob = await nodes.first.signUp('bob')
  const room = await alice.room('Plans', 'private', [bob])
  const topic: Topic = roomTopic(room)
  await nodes.seen()
  using bobs = await TestSocket.of(nodes.second, nodes.at(nodes.second, bob))
  const { seq } = await alice.call('members.remove', { id: room, user: bob.id })
  for (let n = 0; n < 20; n++) await alice.says(room, `${n}`)
  await bobs.frame('gone', frame => frame.topic === topic)
  await bobs.settled()
  assert.ok(bobs.heard(topic).every(heard => heard.seq <= seq))
})

/** What ends bob's right to a room that carol stays in, and says so on the first node. */
const endings: Readonly<
  Record<string, (it: { alice: Person; bob: Person; room: RoomId }) => Promise<object>>
> = {
  'is removed': ({ alice, bob, room }) => alice.call('members.remove', { id: room, user: bob.id }),
  leaves: ({ bob, room }) => bob.call('rooms.leave', { id: room }),
  'is deleted': ({ alice, bob }) => alice.call('users.remove', { id: bob.id, messages: 'keep' }),
  'sees the room deleted': ({ alice, room }) => alice.call('rooms.remove', { id: room }),
}

for (const [what, end] of Object.entries(endings))
  test(`[F4] bob ${what} on one node while no word goes between nodes: on the other he hears nothing of the room a second later`, async () => {
    const clock = new HandClock()
    const word = { lost: false }
    const buses = joinedBuses(2, (announcement, tell) => word.lost || tell(announcement))
    // Nor is it time yet to compare what each node has heard with what the store has.
    const store = (own: Store): Store => ({
      ...own,
      heads: topics => (word.lost ? Promise.reject(new Error('not yet')) : own.heads(topics)),
    })
    await using nodes = await Nodes.open(2, { clock, buses, overrides: () => ({ store }) })
    const alice = await nodes.first.setUp('alice')
    const [bob, carol] = [await nodes.first.signUp('bob'), await nodes.first.signUp('carol')]
    const room = await alice.room('Plans', 'private', [bob, carol])
    const topic = roomTopic(room)
    clock.turn(1_000)
    await new Promise(setImmediate)
    using bobs = await TestSocket.of(nodes.second, nodes.at(nodes.second, bob))
    using carols = await TestSocket.of(nodes.second, nodes.at(nodes.second, carol))
    await Promise.all([bobs, carols].map(one => one.frame('reset', frame => frame.topic === topic)))
    word.lost = true
    const { seq } = await alice.says(room, 'before he went, and not told to him in time')
    await end({ alice, bob, room })
    const gone = Promise.race([bobs.frame('gone', frame => frame.topic === topic), bobs.closed])
    const ended = clock.now()
    let isGone = false
    void gone.then(() => (isGone = true))
    await turnUntil(clock, () => isGone || clock.now() - ended > 1_000)
    assert.ok(isGone, 'he was not told within a second')
    word.lost = false
    if (what !== 'sees the room deleted') {
      const heard = carols.until(topic, seq)
      let isHeard = false
      void heard.then(() => (isHeard = true))
      await turnUntil(clock, () => isHeard)
    }
    assert.deepEqual(bobs.heard(topic), [])
  })

test('[F4] what a node held for bob while it could not read who was removed does not reach him, and carol hears on', async () => {
  const { clock, cut, nodes, alice, bob, carol, room } = await cutOff()
  await using _ = nodes
  const topic = roomTopic(room)
  using bobs = await TestSocket.of(nodes.second, nodes.at(nodes.second, bob))
  using carols = await TestSocket.of(nodes.second, nodes.at(nodes.second, carol))
  cut.off = true
  await turnUntil(clock, () => cut.asked >= 4)
  const { seq } = await alice.says(room, 'held for both')
  await turnUntil(clock, () => cut.asked >= 6)
  await alice.call('members.remove', { id: room, user: bob.id })
  cut.off = false
  const told = Promise.all([bobs.closed, carols.until(topic, seq)])
  let done = false
  void told.then(() => {
    done = true
  })
  await turnUntil(clock, () => done)
  assert.equal(await bobs.closed, 1001)
  assert.deepEqual(bobs.heard(topic), [])
})

test('[F4] a room that is public no longer: an answer about it that was held for a stranger does not reach them', async () => {
  const { clock, cut, nodes, alice, carol } = await cutOff()
  await using _ = nodes
  const open = await alice.room('Open')
  await alice.says(open, 'in the open')
  using carols = await TestSocket.of(nodes.second, nodes.at(nodes.second, carol))
  cut.off = true
  await turnUntil(clock, () => cut.asked >= 4)
  const reply = carols.call('messages.list', { room: open })
  let answered = false
  const { outcomes } = nodes.second.app.sockets.metrics.operation('messages.list', 'socket')
  await turnUntil(clock, () => outcomes.get('ok') === 1)
  void reply.then(
    () => (answered = true),
    () => {},
  )
  await alice.call('rooms.change', { id: open, kind: 'private' })
  cut.off = false
  let code = 0
  void carols.closed.then(closed => {
    code = closed
  })
  await turnUntil(clock, () => code !== 0 || answered)
  assert.deepEqual([code, answered], [1001, false])
})

test('the set-up code is the same on every node, and the other learns within a second that it was used', async () => {
  const clock = new HandClock()
  await using nodes = await Nodes.open(2, { clock, flags: { 'setup-code': '' } })
  const [first, second] = [nodes.first.app, nodes.second.app]
  assert.equal(first.setupCode, second.setupCode)
  assert.match(first.setupCode, /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/)
  assert.equal(second.core.setUpPending(), true)
  await nodes.first.setUp('alice', first.setupCode)
  assert.equal(second.core.setUpPending(), true)
  clock.turn(1_000)
  await new Promise(setImmediate)
  assert.equal(second.core.setUpPending(), false)
  const late = { code: second.setupCode, workspace: 'Mine', username: 'mallory', password: newId<string>() }
  const headers = { 'content-type': 'application/json' }
  const again = { method: 'POST', headers, body: JSON.stringify(late) }
  assert.equal((await nodes.second.nobody.fetch('/api/setup', again)).status, 409)
})
