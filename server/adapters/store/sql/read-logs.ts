import type { Database } from 'better-sqlite3'
import type { Seq, Topic } from '../../../../contract/ids.ts'
import type { Head, Store } from '../../../core/ports.ts'

/** The head of one log, 0 where it is empty; for reads that answer a `seq`. */
export function headOf(db: Database): (topic: Topic) => Seq {
  const head = db.prepare<[string], Seq>('SELECT head FROM logs WHERE topic = ?').pluck()
  return topic => head.get(topic) ?? 0
}

export function readLogs(db: Database): Pick<Store, 'heads' | 'events'> {
  const heads = db.prepare<[string], Head & { topic: Topic }>(
    'SELECT topic, start, head FROM logs WHERE topic IN (SELECT value FROM json_each(?))',
  )
  const log = db.prepare<[string], Head & { id: number }>('SELECT id, start, head FROM logs WHERE topic = ?')
  const bodies = db
    .prepare<[number, Seq, number], string>(
      'SELECT body FROM events WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?',
    )
    .pluck()

  const page = (id: number, after: Seq, most: { events: number; bytes: number }): string[] => {
    const taken: string[] = []
    let bytes = 0
    for (const body of bodies.iterate(id, after, most.events)) {
      bytes += Buffer.byteLength(body)
      if (taken.length > 0 && bytes > most.bytes) break
      taken.push(body)
    }
    return taken
  }

  const events = db.transaction((topic: Topic, after: Seq, most: { events: number; bytes: number }) => {
    const at = log.get(topic)
    if (!at) return { bodies: [], head: { start: 1, head: 0 } }
    const head = { start: at.start, head: at.head }
    // What is before the start is gone: a page that began after it would hide a gap.
    return { bodies: after + 1 < at.start ? [] : page(at.id, after, most), head }
  })

  return {
    heads: async topics => {
      const found = new Map<Topic, Head>(topics.map(topic => [topic, { start: 1, head: 0 }]))
      for (const { topic, start, head } of heads.all(JSON.stringify(topics)))
        found.set(topic, { start, head })
      return found
    },
    events: async (topic, after, most) => events(topic, after, most),
  }
}
