import type { Seq, Topic } from '../../../../contract/ids.ts'
import type { Head } from '../../../core/ports/store.ts'
import type { Reading } from './reading.ts'
import { all, allReadings, one, withinSize } from './reading.ts'

/** The head of one log, 0 where it is empty; for reads that answer a `seq`. */
export function* headOf(topic: Topic): Reading<Seq> {
  const log = yield* one<{ head: Seq }>('SELECT head FROM logs WHERE topic = ?', topic)
  return log?.head ?? 0
}

export function* heads(topics: readonly Topic[]): Reading<ReadonlyMap<Topic, Head>> {
  const found = new Map<Topic, Head>(topics.map(topic => [topic, { start: 1, head: 0 }]))
  const logs = yield* all<Head & { topic: Topic }>(
    'SELECT topic, start, head FROM logs WHERE topic = ANY(?)',
    topics,
  )
  for (const { topic, start, head } of logs) found.set(topic, { start, head })
  return found
}

/** What is before the start is gone: a page that began after it would hide a gap, so there is none. */
export function* events(
  topic: Topic,
  after: Seq,
  most: { events: number; bytes: number },
): Reading<{ bodies: readonly string[]; head: Head }> {
  const [log, bodies] = yield* allReadings(
    one<Head>('SELECT start, head FROM logs WHERE topic = ?', topic),
    withinSize(
      most.bytes,
      `SELECT body, seq FROM events
       WHERE log = (SELECT id FROM logs WHERE topic = ? AND start <= ?) AND seq > ? ORDER BY seq LIMIT ?`,
      topic,
      after + 1,
      after,
      most.events,
    ),
  )
  return { bodies, head: log ?? { start: 1, head: 0 } }
}
