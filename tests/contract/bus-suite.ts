import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Seq, Topic } from '../../contract/ids.ts'
import type { Announcement, Bus } from '../../server/core/ports.ts'

/** Buses of so many nodes that are joined. */
export type JoinBuses = (nodes: number) => Promise<readonly Bus[]>

const other: Topic = 'user:00000000-0000-7000-8000-000000000000' as Topic

const announced = (topic: Topic, seq: Seq): Announcement => ({ topic, seq, bodies: [`{"n":${seq}}`] })
const range = (length: number): Seq[] => Array.from({ length }, (_, n) => n + 1)

/** What one node hears, and a way to wait for so many. */
function earOn(bus: Bus) {
  const heard: (Announcement | string)[] = []
  const from = new Set<string>()
  const probed = Promise.withResolvers<void>()
  const waiting = new Set<() => void>()
  const take = (one: Announcement | string) => {
    heard.push(one)
    for (const wake of [...waiting]) wake()
  }
  const listening = bus.listen({
    heard: take,
    signalled: (signal, node) => {
      if (signal === 'probe') return probed.resolve()
      from.add(node)
      take(signal)
    },
    lost: () => {},
  })
  const until = async (many: number): Promise<void> => {
    while (heard.length < many)
      await new Promise<void>(resolve => {
        const wake = () => {
          waiting.delete(wake)
          resolve()
        }
        waiting.add(wake)
      })
  }
  return {
    heard,
    from,
    until,
    probed: probed.promise,
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  }
}

/**
 * Follows a topic, and resolves when the node hears each of the others on it: they say so until they are heard, since it may not hold
 * at once.
 */
async function follow(bus: Bus, topic: Topic | null, others: readonly Bus[]): Promise<Disposable> {
  const followed = topic === null ? { [Symbol.dispose]: () => {} } : bus.follow(topic)
  for (const one of others) {
    using ear = earOn(bus)
    let heard = false
    const said = ear.probed.then(() => {
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
        using mine = earOn(a)
        using second = earOn(b)
        using third = earOn(c)
        const sent = range(100).map(n => announced('workspace', n))
        for (const one of sent) a.publish(one)
        await Promise.all([second.until(100), third.until(100)])
        assert.deepEqual(second.heard, sent)
        assert.deepEqual(third.heard, sent)
        b.signal('the end', 'workspace')
        await mine.until(1)
        assert.deepEqual(mine.heard, ['the end'])
      }))

    test('several bodies, long ones and those in any script come as they were, byte for byte', () =>
      withBuses(join, 2, ['workspace'], async ([a, b]) => {
        assert.ok(a && b)
        using ear = earOn(b)
        const texts = ['x'.repeat(16_384), 'line\nbreak\r\n\u2028', 'naïve 日本語 👩‍👩‍👧', 'a 1 2 3', '']
        const one = {
          topic: 'workspace',
          seq: 7,
          bodies: texts.map(text => JSON.stringify({ text })),
        } as const
        a.publish(one)
        await ear.until(1)
        assert.deepEqual(ear.heard, [one])
      }))

    test('announcements and signals of one node in one topic are heard in the order that it sent them', () =>
      withBuses(join, 2, ['workspace'], async ([a, b]) => {
        assert.ok(a && b)
        using ear = earOn(b)
        a.signal('typing', 'workspace')
        a.publish(announced('workspace', 1))
        a.signal('stopped', 'workspace')
        await ear.until(3)
        assert.deepEqual(ear.heard, ['typing', announced('workspace', 1), 'stopped'])
      }))

    test('signals to all are heard by every node in their order, with the one name of who said them', () =>
      withBuses(join, 3, [], async ([a, b, c]) => {
        assert.ok(a && b && c)
        using second = earOn(b)
        using third = earOn(c)
        for (const n of range(20)) a.signal(`signal ${n}`)
        await Promise.all([second.until(20), third.until(20)])
        for (const ear of [second, third]) {
          assert.deepEqual(
            ear.heard,
            range(20).map(n => `signal ${n}`),
          )
          assert.equal(ear.from.size, 1)
        }
        assert.deepEqual(second.from, third.from)
      }))

    test("two publishers' announcements keep each its order", () =>
      withBuses(join, 3, ['workspace', other], async ([a, b, c]) => {
        assert.ok(a && b && c)
        using ear = earOn(c)
        for (const n of range(50)) {
          a.publish(announced('workspace', n))
          b.publish(announced(other, n))
        }
        await ear.until(100)
        for (const topic of ['workspace', other]) {
          const seqs = ear.heard.flatMap(one =>
            typeof one !== 'string' && one.topic === topic ? [one.seq] : [],
          )
          assert.deepEqual(seqs, range(50))
        }
      }))

    test('a node hears of no topic that it does not follow, or follows no more', () =>
      withBuses(join, 2, ['workspace'], async ([a, b]) => {
        assert.ok(a && b)
        using ear = earOn(b)
        a.publish(announced(other, 1))
        a.publish(announced('workspace', 1))
        await ear.until(1)
        const twice = b.follow(other)
        const followed = await follow(b, other, [a])
        a.publish(announced(other, 2))
        await ear.until(2)
        twice[Symbol.dispose]()
        a.publish(announced(other, 3))
        await ear.until(3)
        followed[Symbol.dispose]()
        a.publish(announced(other, 4))
        a.publish(announced('workspace', 2))
        await ear.until(4)
        const seqs = ear.heard.map(one => [(one as Announcement).topic, (one as Announcement).seq])
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
        const gone = earOn(b)
        using stays = earOn(b)
        gone[Symbol.dispose]()
        a.publish(announced('workspace', 1))
        await stays.until(1)
        assert.deepEqual(gone.heard, [])
      }))
  })
}
