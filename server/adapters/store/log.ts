import type { Database } from 'better-sqlite3'
import type { Seq, Topic } from '../../../contract/ids.ts'
import { redactBody } from './redact.ts'

/** The logs, as the writer sees them. */
export interface Logs {
  /** Puts an event at the end; answers its seq. */
  append(topic: Topic, at: number, body: string): Seq
  /** Takes the text out of an event that was appended (L6); nothing happens where the log no longer holds it. */
  redact(topic: Topic, seq: Seq, all?: boolean): void
  /** Drops all events. The head stays, so that no cursor of before fits what may come. */
  erase(topic: Topic): void
}

export function logsOf(db: Database): Logs {
  const next = db.prepare<[string], { id: number; head: Seq }>(
    `INSERT INTO logs (topic, start, head) VALUES (?, 1, 1)
     ON CONFLICT (topic) DO UPDATE SET head = head + 1 RETURNING id, head`,
  )
  const insert = db.prepare('INSERT INTO events (log, seq, at, body) VALUES (?, ?, ?, ?)')
  const find = db.prepare<[string, Seq], { log: number; body: string }>(
    'SELECT log, body FROM events WHERE log = (SELECT id FROM logs WHERE topic = ?) AND seq = ?',
  )
  const rewrite = db.prepare('UPDATE events SET body = ? WHERE log = ? AND seq = ?')
  const drop = db.prepare('DELETE FROM events WHERE log = (SELECT id FROM logs WHERE topic = ?)')
  const skip = db.prepare('UPDATE logs SET start = head + 1 WHERE topic = ?')
  return {
    append(topic, at, body) {
      const log = next.get(topic)
      if (!log) throw new Error(`The log ${topic} gave no seq.`)
      insert.run(log.id, log.head, at, body)
      return log.head
    },
    redact(topic, seq, all = false) {
      const event = find.get(topic, seq)
      if (event) rewrite.run(redactBody(event.body, all), event.log, seq)
    },
    erase(topic) {
      drop.run(topic)
      skip.run(topic)
    },
  }
}
