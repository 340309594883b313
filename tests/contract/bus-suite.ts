import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Seq, Topic } from '../../contract/ids.ts'
import type { Announcement, Bus } from '../../server/core/ports/bus.ts'

/** Buses of so many nodes that are joined. */
export type JoinBuses = (nodes: number) => Promise<readonly Bus[]>

const other: Topic = 'user:00000000-0000-7000-8000-000000000000' as Topic

const announced = (topic: Topic, seq: Seq): Announcement => ({ topic, seq, bodies: [`{"n":${seq}}`] })
const range = (length: number): Seq[] => Array.from({ length }, (_, n) => n + 1)

/** What one node hears, and a way to wait for so many. */
function listenOn(bus: Bus) {
  const received: (Announcement | string)[] = []
  const from = new Set<string>()
  const probed = Promise.withResolvers<void>()
  const waiting = new Set<() => void>()
  const take = (one: Announcement | string) => {
    received.push(one)
    for (const wake of [...waiting]) wake()
  }
  const listening = bus.listen({
    announced: take,
    signalled: (signal, node) => {
      if (signal === 'probe') return probed.resolve()
      from.add(node)
      take(signal)
    },
    lost: () => {},
  })
  const until = async (many: number): Promise<void> => {
    while (received.length < many)
      await new Promise<void>(resolve => {
        const wake = () => {
          waiting.delete(wake)
          resolve()
        }
        waiting.add(wake)
      })
  }
  return {
    received,
    from,
    until,
    probed: probed.promise,
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  }
}

/**
 * Follows a topic, and resolves when the node hears each of the others on it: they say so until they are received, since it may not hold
 * at once.
 */
async function follow(bus: Bus, topic: Topic | null, others: readonly Bus[]): Promise<Disposable> {
  const followed = topic === null ? { [Symbol.dispose]: () => {} } : bus.follow(topic)
  for (const one of others) {
    using listening = listenOn(bus)
    let heard = false
    const said = listening.probed.then(() => {
      heard = true
    })
    while (!heard) {
      one.signal('probe', topic ?? undefined)
      await Promise.race([said, new Promise(resolve => setTimeout(resolve, 5))])
    }
  }
  return followed
}

async function withBuses(
  join: JoinBuses,
  nodes: number,
  follows: readonly Topic[],
  then: (buses: readonly Bus[]) => Promise<void>,
): Promise<void> {
  const buses = await join(nodes)
  try {
    for (const topic of [null, ...follows])
      for (const bus of buses)
        await follow(
          bus,
          topic,
          buses.filter(one => one !== bus),
        )
    await then(buses)
  } finally {
    for (const bus of buses) await bus[Symbol.asyncDispose]()
  }
}

/** What every Bus between nodes promises. Each adapter calls it from its own test file. */
export function busContract(name: string, join: JoinBuses): void {
  describe(name, () => {
    test('what a node publishes is heard by each other node once, whole and in its order, and not by itself', () =>
      withBuses(join, 3, ['workspace'], async ([a, b, c]) => {
        assert.ok(a && b && c)
        using mine = listenOn(a)
        using second = listenOn(b)
        using third = listenOn(c)
        const sent = range(100).map(n => announced('workspace', n))
        for (const one of sent) a.publish(one)
        await Promise.all([second.until(100), third.until(100)])
        assert.deepEqual(second.received, sent)
        assert.deepEqual(third.received, sent)
        b.signal('the end', 'workspace')
        await mine.until(1)
        assert.deepEqual(mine.received, ['the end'])
      }))

    test('several bodies, long ones and those in any script come as they were, byte for byte', () =>
      withBuses(join, 2, ['workspace'], async ([a, b]) => {
        assert.ok(a && b)
        using listening = listenOn(b)
        const texts = ['x'.repeat(16_384), 'line\nbreak\r\n\u2028', 'naïve 日本語 👩‍👩‍👧', 'a 1 2 3', '']
        const one = {
          topic: 'workspace',
          seq: 7,
          bodies: texts.map(text => JSON.stringify({ text })),
        } as const
        a.publish(one)
        await listening.until(1)
        assert.deepEqual(listening.received, [one])
      }))

    test('announcements and signals of one node in one topic are heard in the order that it sent them', () =>
      withBuses(join, 2, ['workspace'], async ([a, b]) => {
        assert.ok(a && b)
        using listening = listenOn(b)
        a.signal('typing', 'workspace')
        a.publish(announced('workspace', 1))
        a.signal('stopped', 'workspace')
        await listening.until(3)
        assert.deepEqual(listening.received, ['typing', announced('workspace', 1), 'stopped'])
      }))

    test('signals to all are heard by every node in their order, with the one name of who said them', () =>
      withBuses(join, 3, [], async ([a, b, c]) => {
        assert.ok(a && b && c)
        using second = listenOn(b)
        using third = listenOn(c)
        for (const n of range(20)) a.signal(`signal ${n}`)
        await Promise.all([second.until(20), third.until(20)])
        for (const listening of [second, third]) {
          assert.deepEqual(
            listening.received,
            range(20).map(n => `signal ${n}`),
          )
          assert.equal(listening.from.size, 1)
        }
        assert.deepEqual(second.from, third.from)
      }))

    test("two publishers' announcements keep each its order", () =>
      withBuses(join, 3, ['workspace', other], async ([a, b, c]) => {
        assert.ok(a && b && c)
        using listening = listenOn(c)
        for (const n of range(50)) {
          a.publish(announced('workspace', n))
          b.publish(announced(other, n))
        }
        await listening.until(100)
        for (const topic of ['workspace', other]) {
          const seqs = listening.received.flatMap(one =>
            typeof one !== 'string' && one.topic === topic ? [one.seq] : [],
          )
          assert.deepEqual(seqs, range(50))
        }
      }))

    test('a node hears of no topic that it does not follow, or follows no more', () =>
      withBuses(join, 2, ['workspace'], async ([a, b]) => {
        assert.ok(a && b)
        using listening = listenOn(b)
        a.publish(announced(other, 1))
        a.publish(announced('workspace', 1))
        await listening.until(1)
        const twice = b.follow(other)
        const followed = await follow(b, other, [a])
        a.publish(announced(other, 2))
        await listening.until(2)
        twice[Symbol.dispose]()
        a.publish(announced(other, 3))
        await listening.until(3)
        followed[Symbol.dispose]()
        a.publish(announced(other, 4))
        a.publish(announced('workspace', 2))
        await listening.until(4)
        const seqs = listening.received.map(one => [(one as Announcement).topic, (one as Announcement).seq])
        assert.deepEqual(seqs, [
          ['workspace', 1],
          [other, 2],
          [other, 3],
          ['workspace', 2],
        ])
      }))

    test('who stops listening hears no more, and others on that node do', () =>
      withBuses(join, 2, ['workspace'], async ([a, b]) => {
        assert.ok(a && b)
        const gone = listenOn(b)
        using stays = listenOn(b)
        gone[Symbol.dispose]()
        a.publish(announced('workspace', 1))
        await stays.until(1)
        assert.deepEqual(gone.received, [])
      }))
  })
}
