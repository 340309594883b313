import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId, Topic, UserId } from '../../../contract/ids.ts'
import { newId, roomTopic } from '../../../contract/ids.ts'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import type { Announcement, Bus } from '../ports/bus.ts'
import type { Appended, Change, Outcome } from './change.ts'
import type { LogStore } from './feed.ts'
import { Feed } from './feed.ts'

const room = roomTopic(newId<RoomId>())
const alice = newId<UserId>()

/** A log in memory whose commits resolve when the test says so. */
class SmallLog implements LogStore {
  readonly bodies: string[] = []
  readonly held: (() => void)[] = []
  holding = false
  failing = false

  async commit(change: Change): Promise<Outcome> {
    const appended = change.appends.map(({ topic, event }): Appended => {
      const body = JSON.stringify(event)
      return { topic, event, body, seq: this.bodies.push(body) }
    })
    if (this.holding) await new Promise<void>(resolve => this.held.push(resolve))
    return { is: 'done', appended }
  }

  async events(_topic: Topic, after: number) {
    if (this.failing) throw new Error('out of reach')
    return { bodies: this.bodies.slice(after, after + 2), head: { start: 1, head: this.bodies.length } }
  }

  async heads(topics: readonly Topic[]) {
    return new Map(topics.map(topic => [topic, { start: 1, head: this.bodies.length }]))
  }
}

class HandBus implements Bus {
  readonly state = 'joined'
  readonly channels = null
  readonly published: Announcement[] = []
  listener: Parameters<Bus['listen']>[0] | null = null
  publish = (a: Announcement) => void this.published.push(a)
  readonly followed = new Set<Topic>()
  signal = () => {}
  follow(topic: Topic): Disposable {
    this.followed.add(topic)
    return { [Symbol.dispose]: () => void this.followed.delete(topic) }
  }
  listen(listener: Parameters<Bus['listen']>[0]): Disposable {
    this.listener = listener
    return { [Symbol.dispose]: () => {} }
  }
  async [Symbol.asyncDispose]() {}
}

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

async function turn(clock: HandClock, ms: number): Promise<void> {
  clock.turn(ms)
  await settled()
}

const post = (text: string): Change => ({
  guards: [],
  rows: [],
  appends: [{ topic: room, event: { e: 'message.posted', by: alice, at: 1, id: newId(), text } }],
})

function setUp(compareEveryMs: number | null = null) {
  const store = new SmallLog()
  const bus = new HandBus()
  const clock = new HandClock()
  const feed = new Feed({ store, bus, clock, compareEveryMs })
  const heard: [number, string][] = []
  const follow = () =>
    feed.follow(
      room,
      run =>
        heard.push(...run.bodies.map((body, n): [number, string] => [run.first + n, JSON.parse(body).text])),
      async () => ({ seq: store.bodies.length }),
    )
  return { store, bus, clock, feed, heard, follow }
}

test('alice hears what is committed after she began to follow, and the other nodes are told of it', async () => {
  const { feed, bus, heard, follow } = setUp()
  await feed.commit(post('before'))
  await follow()
  await feed.commit(post('one'))
  await feed.commit(post('two'))
  assert.deepEqual(heard, [
    [2, 'one'],
    [3, 'two'],
  ])
  assert.deepEqual(
    bus.published.map(a => a.seq),
    [1, 2, 3],
  )
})

test('[L5] two commits that resolve out of order are heard in order', async () => {
  const { store, feed, heard, follow } = setUp()
  await follow()
  store.holding = true
  const both = [feed.commit(post('one')), feed.commit(post('two'))]
  store.held[1]?.()
  await settled()
  assert.deepEqual(heard, [])
  store.held[0]?.()
  await Promise.all(both)
  assert.deepEqual(heard, [
    [1, 'one'],
    [2, 'two'],
  ])
})

test('[F3] an announcement that the bus lost delays the next one by 50 ms and is read from the store', async () => {
  const { store, bus, clock, heard, follow } = setUp()
  await follow()
  for (const text of ['one', 'two', 'three']) await store.commit(post(text))
  bus.listener?.announced({ topic: room, seq: 3, bodies: [store.bodies[2] as string] })
  await turn(clock, 49)
  assert.deepEqual(heard, [])
  await turn(clock, 1)
  assert.deepEqual(heard, [
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ])
})

test('[F3] a lost last announcement is found when heads are compared, and when the bus says that it lost some', async () => {
  const { store, bus, clock, heard, follow } = setUp(2_000)
  await follow()
  await store.commit(post('one'))
  await turn(clock, 2_000)
  await turn(clock, 50)
  assert.deepEqual(heard, [[1, 'one']])
  await store.commit(post('two'))
  bus.listener?.lost()
  await settled()
  await turn(clock, 50)
  assert.deepEqual(heard.at(-1), [2, 'two'])
})

test('[F3] a store out of reach is asked again until the gap is filled', async () => {
  const { store, bus, clock, heard, follow } = setUp()
  await follow()
  for (const text of ['one', 'two']) await store.commit(post(text))
  store.failing = true
  bus.listener?.announced({ topic: room, seq: 2, bodies: [store.bodies[1] as string] })
  await turn(clock, 50)
  assert.deepEqual(heard, [])
  store.failing = false
  await turn(clock, 1_000)
  assert.equal(heard.length, 2)
})

test('[F4] whoever keeps the sockets is told whose keys a commit ended', async () => {
  const { feed } = setUp()
  const ended: UserId[] = []
  using _ = feed.onEnded(user => ended.push(user))
  await feed.commit({ guards: [], appends: [], rows: [{ row: 'sessions ended', user: alice }] })
  assert.deepEqual(ended, [alice])
})

test('[F3] where the bus lost some of a log that is not followed, or of others than this one, nothing is asked', async () => {
  const { store, bus, clock, heard, follow } = setUp()
  await follow()
  await store.commit(post('one'))
  bus.listener?.lost([roomTopic(newId<RoomId>())])
  await settled()
  await turn(clock, 50)
  assert.deepEqual(heard, [])
  bus.listener?.lost([room])
  await settled()
  await turn(clock, 50)
  assert.deepEqual(heard, [[1, 'one']])
})

test('a node follows on the bus what it follows itself, and no longer', async () => {
  const { feed, bus, follow } = setUp()
  await follow()
  assert.deepEqual([...bus.followed], [room])
  feed.unfollow(room)
  await assert.rejects(
    feed.follow(
      room,
      () => {},
      async () => Promise.reject(new Error('out of reach')),
    ),
  )
  assert.deepEqual([...bus.followed], [])
})
