import type { Database } from 'better-sqlite3'
import type { Seq, Topic } from '../../../contract/ids.ts'
import { redactBody } from './redact.ts'

/** The logs, as the one writer sees them. Heads are counted in memory and written once a transaction: `flush` is the last of it. */
export interface Logs {
  /** Puts an event at the end; answers its seq. */
  append(topic: Topic, at: number, body: string): Seq
  /** Takes the text out of an event that was appended (L6); nothing happens where the log no longer holds it. */
  redact(topic: Topic, seq: Seq, all?: boolean): void
  /** Drops all events. The head stays, so that no cursor of before fits what may come. */
  erase(topic: Topic): void
  /** From here on, `undo` takes the heads back. */
  mark(): void
  /** The savepoint was rolled back. */
  undo(): void
  /** Writes the heads that moved. */
  flush(): void
  /** The transaction was rolled back: heads are read anew. */
  forget(): void
}

interface Log {
  readonly id: number
  head: Seq
}

/** Logs kept in mind; beyond it they are read again. */
const mostKept = 50_000

/** `removed` is told when something was taken out. */
export function logsOf(db: Database, removed: () => void): Logs {
  const find = db.prepare<[string], Log>('SELECT id, head FROM logs WHERE topic = ?')
  const begin = db.prepare('INSERT INTO logs (topic, start, head) VALUES (?, 1, 0)')
  const move = db.prepare('UPDATE logs SET head = ? WHERE id = ?')
  const insert = db.prepare('INSERT INTO events (log, seq, at, body) VALUES (?, ?, ?, ?)')
  const event = db.prepare<[number, Seq], { id: number; body: string }>(
    'SELECT id, body FROM events WHERE log = ? AND seq = ?',
  )
  const rewrite = db.prepare('UPDATE events SET body = ? WHERE id = ?')
  const drop = db.prepare('DELETE FROM events WHERE log = ?')
  const skip = db.prepare('UPDATE logs SET start = ? WHERE id = ?')

  const kept = new Map<Topic, Log>()
  const moved = new Set<Log>()
  /** Appends since the mark, and the logs that began with one of them. */
  let since: Log[] = []
  let begun: Topic[] = []

  const known = (topic: Topic): Log | undefined => {
    const log = kept.get(topic) ?? find.get(topic)
    if (log) kept.set(topic, log)
    return log
  }
  const started = (topic: Topic): Log => {
    const log = { id: Number(begin.run(topic).lastInsertRowid), head: 0 }
    kept.set(topic, log)
    begun.push(topic)
    return log
  }
  const forget = () => {
    kept.clear()
    moved.clear()
  }

  return {
    append(topic, at, body) {
      const log = known(topic) ?? started(topic)
      log.head += 1
      since.push(log)
      moved.add(log)
      insert.run(log.id, log.head, at, body)
      return log.head
    },
    redact(topic, seq, all = false) {
      removed()
      const log = known(topic)
      const found = log && event.get(log.id, seq)
      if (found) rewrite.run(redactBody(found.body, all), found.id)
    },
    erase(topic) {
      const log = known(topic)
      if (!log) return
      removed()
      drop.run(log.id)
      skip.run(log.head + 1, log.id)
    },
    mark() {
      since = []
      begun = []
    },
    undo() {
      for (const log of since) log.head -= 1
      for (const topic of begun) {
        const log = kept.get(topic)
        if (log) moved.delete(log)
        kept.delete(topic)
      }
    },
    flush() {
      for (const log of moved) move.run(log.head, log.id)
      moved.clear()
      if (kept.size > mostKept) kept.clear()
    },
    forget,
  }
}
