import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../../contract/events.ts'
import type { RoomId, Seq, Topic, UserId } from '../../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../../contract/ids.ts'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import type { Feed } from '../../core/log/feed.ts'
import type { NodeSignals } from '../../core/presence/node-signals.ts'
import type { ReadScheduler } from '../read-scheduler.ts'
import type { Listener } from './channel.ts'
import type { HubStore } from './hub.ts'
import { Hub } from './hub.ts'

/** A hub whose logs are heard when the test says so, with bob live in all that is his. */
async function scene() {
  const bob = newId<UserId>()
  const room = newId<RoomId>()
  const heads = new Map<Topic, Seq>([
    ['workspace', 1],
    [userTopic(bob), 1],
    [roomTopic(room), 1],
  ])
  const hearing = new Map<Topic, (run: { first: Seq; bodies: readonly string[] }) => void>()
  const store = {
    heads: async () => new Map([...heads].map(([topic, head]) => [topic, { start: 1, head }])),
    memberIds: async () => ({ users: [bob], seq: 1 }),
    roomsOf: async () => [{ room, kind: 'public', since: 1 }],
  } as unknown as HubStore
  const feed = {
    follow: async (topic: Topic, hear: never, begin: () => Promise<unknown>) => {
      await begin()
      hearing.set(topic, hear)
    },
    fill: async () => {},
    unfollow() {},
  } as unknown as Feed
  const signals = { on: () => ({ [Symbol.dispose]() {} }) } as unknown as NodeSignals
  const reads = { charge() {} } as unknown as ReadScheduler
  const hub = new Hub({ store, feed, signals, reads, clock: new HandClock() })
  const frames: { t: string; topic?: Topic }[] = []
  const listener: Listener = {
    user: bob,
    isOpen: true,
    channels: new Set(),
    write: frame =>
      frames.push(JSON.parse(frame.toString('utf8').slice(frame.toString('latin1').indexOf('{')))),
    drained: async () => true,
    lose() {},
    revoke() {},
  }
  await hub.admit(listener, Object.fromEntries(heads), true, () => {})
  const tell = (topic: Topic, event: Partial<Event>) =>
    hearing.get(topic)?.({ first: 2, bodies: [JSON.stringify({ ...event, at: 1, by: bob })] })
  return {
    hears: () => hearing.has(roomTopic(room)) && hearing.has(userTopic(bob)),
    gone: () => frames.filter(({ t, topic }) => t === 'gone' && topic === roomTopic(room)).length,
    /** The three ways in which a node learns that bob went out of the room. */
    ways: {
      'the store': () => hub.removed([{ room, who: bob, seq: 2 }]),
      'his own log': () => tell(userTopic(bob), { e: 'room.removed', room }),
      "the room's log": () => tell(roomTopic(room), { e: 'member.removed', user: bob }),
    },
    [Symbol.dispose]: () => hub[Symbol.dispose](),
  }
}

/**
 * How many `gone` he has after each way. The room's log takes the room from him and leaves it to his own log to tell him; what the store says
 * of a removal that the room's log has told already is nothing new.
 */
const toldAfter = (order: readonly string[]): number[] => {
  const isHeard = (n: number) => order.slice(0, n).includes("the room's log")
  const at = order.findIndex((way, n) => way === 'his own log' || (way === 'the store' && !isHeard(n)))
  return order.map((_, n) => (n < at ? 0 : 1))
}

const ways = ['the store', 'his own log', "the room's log"] as const
for (const first of ways)
  for (const second of ways.filter(way => way !== first))
    for (const third of ways.filter(way => way !== first && way !== second))
      test(`[F4] who goes out of a room is sent gone once: told by ${first}, then ${second}, then ${third}`, async () => {
        using s = await scene()
        assert.ok(s.hears())
        const told = [first, second, third].map(way => {
          s.ways[way]()
          return s.gone()
        })
        assert.deepEqual(told, toldAfter([first, second, third]))
      })
