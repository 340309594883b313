import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Topic } from '../../contract/ids.ts'
import type { Announcement, Bus } from '../../server/core/ports.ts'

/** Buses of so many nodes that are joined. */
export type JoinBuses = (nodes: number) => Promise<readonly Bus[]>

const announced = (topic: Topic, seq: number): Announcement => ({ topic, seq, bodies: [`{"n":${seq}}`] })

/** What one node hears, and a way to wait for so many. */
function earOn(bus: Bus) {
  const heard: (Announcement | string)[] = []
  const waiting: { many: number; resolve: () => void }[] = []
  const take = (one: Announcement | string) => {
    heard.push(one)
    for (const wait of waiting) if (heard.length >= wait.many) wait.resolve()
  }
  const listening = bus.listen({ heard: take, signalled: take, lost: () => {} })
  const until = (many: number): Promise<void> =>
    heard.length >= many ? Promise.resolve() : new Promise(resolve => waiting.push({ many, resolve }))
  return { heard, until, [Symbol.dispose]: () => listening[Symbol.dispose]() }
}

async function withBuses(
  join: JoinBuses,
  nodes: number,
  then: (buses: readonly Bus[]) => Promise<void>,
): Promise<void> {
  const buses = await join(nodes)
  try {
    await then(buses)
  } finally {
    for (const bus of buses) await bus[Symbol.asyncDispose]()
  }
}

/** What every Bus between nodes promises. Each adapter calls it from its own test file. */
export function busContract(name: string, join: JoinBuses): void {
  describe(name, () => {
    test('what a node publishes is heard by each other node once, whole and in its order, and not by itself', () =>
      withBuses(join, 3, async ([a, b, c]) => {
        assert.ok(a && b && c)
        using mine = earOn(a)
        using second = earOn(b)
        using third = earOn(c)
        const sent = Array.from({ length: 100 }, (_, n) => announced('workspace', n + 1))
        for (const one of sent) a.publish(one)
        await Promise.all([second.until(100), third.until(100)])
        assert.deepEqual(second.heard, sent)
        assert.deepEqual(third.heard, sent)
        assert.deepEqual(mine.heard, [])
      }))

    test('announcements and signals of one node are heard in the order that it sent them', () =>
      withBuses(join, 2, async ([a, b]) => {
        assert.ok(a && b)
        using ear = earOn(b)
        a.signal('typing')
        a.publish(announced('workspace', 1))
        a.signal('stopped')
        await ear.until(3)
        assert.deepEqual(ear.heard, ['typing', announced('workspace', 1), 'stopped'])
      }))

    test("two publishers' announcements keep each its order", () =>
      withBuses(join, 3, async ([a, b, c]) => {
        assert.ok(a && b && c)
        using ear = earOn(c)
        const topics = ['workspace', 'user:00000000-0000-7000-8000-000000000000'] as Topic[]
        for (let n = 1; n <= 50; n++)
          for (const [i, bus] of [a, b].entries()) bus.publish(announced(topics[i] as Topic, n))
        await ear.until(100)
        for (const topic of topics) {
          const seqs = ear.heard.flatMap(one =>
            typeof one !== 'string' && one.topic === topic ? [one.seq] : [],
          )
          assert.deepEqual(
            seqs,
            Array.from({ length: 50 }, (_, n) => n + 1),
          )
        }
      }))

    test('who stops listening hears no more, and others on that node do', () =>
      withBuses(join, 2, async ([a, b]) => {
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
