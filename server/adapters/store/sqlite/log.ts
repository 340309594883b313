import type { Database } from 'better-sqlite3'
import type { Seq, Topic } from '../../../../contract/ids.ts'
import { redactBody } from '../events/definitions.ts'

interface Log {
  readonly id: number
  head: Seq
}

/** Logs kept in mind; beyond it they are read again. */
const mostKept = 50_000

const statementsOf = (db: Database) => ({
  find: db.prepare<[string], Log>('SELECT id, head FROM logs WHERE topic = ?'),
  begin: db.prepare('INSERT INTO logs (topic, start, head) VALUES (?, 1, 0)'),
  move: db.prepare('UPDATE logs SET head = ? WHERE id = ?'),
  skip: db.prepare('UPDATE logs SET start = ? WHERE id = ?'),
  insert: db.prepare('INSERT INTO events (log, seq, at, body) VALUES (?, ?, ?, ?)'),
  event: db.prepare<[number, Seq], { id: number; body: string }>(
    'SELECT id, body FROM events WHERE log = ? AND seq = ?',
  ),
  rewrite: db.prepare('UPDATE events SET body = ? WHERE id = ?'),
})

/** The logs, as the one writer has them. Heads are counted in memory and written once a transaction: `flush` is the last of it. */
export class Logs {
  readonly #sql: ReturnType<typeof statementsOf>
  readonly #removed: () => void
  readonly #kept = new Map<Topic, Log>()
  readonly #moved = new Set<Log>()
  /** Appends since the mark, and the logs that began with one of them. */
  #since: Log[] = []
  #begun: Topic[] = []

  /** `removed` is told when something was taken out. */
  constructor(db: Database, removed: () => void) {
    this.#sql = statementsOf(db)
    this.#removed = removed
  }

  /** Puts an event at the end; answers its seq. */
  append(topic: Topic, at: number, body: string): Seq {
    const log = this.#known(topic) ?? this.#begin(topic)
    log.head += 1
    this.#since.push(log)
    this.#moved.add(log)
    this.#sql.insert.run(log.id, log.head, at, body)
    return log.head
  }

  /** Takes the text out of an event that was appended (L6); nothing is there to take where the log no longer holds it. */
  redact(topic: Topic, seq: Seq, all = false): void {
    this.#removed()
    const log = this.#known(topic)
    const found = log && this.#sql.event.get(log.id, seq)
    if (found) this.#sql.rewrite.run(redactBody(found.body, all), found.id)
  }

  /** Nothing up to here is read any more; answers the head. It stays, so that no cursor of before fits what may come. */
  close(topic: Topic): Seq {
    this.#removed()
    const log = this.#known(topic)
    if (!log) return 0
    this.#sql.skip.run(log.head + 1, log.id)
    return log.head
  }

  /** From here on, `undo` takes the heads back. */
  mark(): void {
    this.#since = []
    this.#begun = []
  }

  /** The savepoint was rolled back. */
  undo(): void {
    for (const log of this.#since) log.head -= 1
    for (const topic of this.#begun) {
      const log = this.#kept.get(topic)
      if (log) this.#moved.delete(log)
      this.#kept.delete(topic)
    }
  }

  /** Writes the heads that moved. */
  flush(): void {
    for (const log of this.#moved) this.#sql.move.run(log.head, log.id)
    this.#moved.clear()
    if (this.#kept.size > mostKept) this.#kept.clear()
  }

  /** The transaction was rolled back: heads are read anew. */
  forget(): void {
    this.#kept.clear()
    this.#moved.clear()
  }

  #known(topic: Topic): Log | undefined {
    const log = this.#kept.get(topic) ?? this.#sql.find.get(topic)
    if (log) this.#kept.set(topic, log)
    return log
  }

  #begin(topic: Topic): Log {
    const log = { id: Number(this.#sql.begin.run(topic).lastInsertRowid), head: 0 }
    this.#kept.set(topic, log)
    this.#begun.push(topic)
    return log
  }
}
