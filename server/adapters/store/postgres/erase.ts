import type { Client } from 'pg'
import type { Clock } from '../../../core/ports/clock.ts'
import type { GroupCommit } from '../sql/group-commit.ts'
import type { UpkeepJob } from './upkeep.ts'

/** Rows of a kind that go at a time: some milliseconds of the database. */
const stride = 500

/** One part of one erased room: several nodes work at several rooms, or wait for nothing. The ids of messages stay taken. */
const eraseSome = `
WITH one AS (
  SELECT room, below FROM erasures ORDER BY room LIMIT 1 FOR UPDATE SKIP LOCKED
), talk AS (
  SELECT messages.room, seq FROM messages JOIN one ON messages.room = one.room AND seq <= below ORDER BY seq LIMIT ${stride}
), kept AS (
  INSERT INTO deleted_messages (id, room, seq, author)
  SELECT id, room, seq, author FROM messages JOIN talk USING (room, seq)
), talk_gone AS (
  DELETE FROM messages USING talk WHERE messages.room = talk.room AND messages.seq = talk.seq
), log AS (
  SELECT events.id FROM events JOIN logs ON logs.id = events.log JOIN one ON logs.topic = 'room:' || one.room AND seq <= below
  ORDER BY seq LIMIT ${stride}
), log_gone AS (
  DELETE FROM events USING log WHERE events.id = log.id
), done AS (
  DELETE FROM erasures USING one
  WHERE erasures.room = one.room AND NOT EXISTS (SELECT FROM talk) AND NOT EXISTS (SELECT FROM log)
)
SELECT count(*) AS rooms FROM one`

/** What the database interrupted, or another node left, is gone on with within this, ms. */
export const lookEveryMs = 120_000

/** Empties erased rooms, a bounded part at a time, while nobody waits for it; what is left, whoever looks next goes on with. */
export class Eraser implements AsyncDisposable {
  readonly #writer: GroupCommit<UpkeepJob, unknown>
  readonly #every: Disposable
  #working: Promise<void> | null = null
  #isClosing = false

  constructor(writer: GroupCommit<UpkeepJob, unknown>, clock: Clock) {
    this.#writer = writer
    this.#every = clock.every(lookEveryMs, () => this.look())
  }

  /** There may be something to do. */
  look(): void {
    if (this.#isClosing) return
    this.#working ??= this.#work().finally(() => {
      this.#working = null
    })
  }

  /** Ends with the part that is on its way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true
    this.#every[Symbol.dispose]()
    await this.#working
  }

  async #work(): Promise<void> {
    try {
      while (!this.#isClosing && (await this.#step()));
    } catch {
      // The database is out of reach. The rooms are gone for everybody; what is left of them goes at the next look.
    }
  }

  #step(): Promise<boolean> {
    return this.#writer.do(async (client: Client) => {
      const { rows } = await client.query<{ rooms: number }>({ name: 'erase', text: eraseSome })
      return (rows[0]?.rooms ?? 0) > 0
    }) as Promise<boolean>
  }
}
