import type { Client } from 'pg'
import type { Seq, SessionId, TokenId } from '../../../../contract/ids.ts'
import type { Store } from '../../../core/ports/store.ts'
import type { GroupCommit } from '../sql/group-commit.ts'

/** The writes that are nobody's Change. */
export type Upkeep = Pick<Store, 'sessionSeen' | 'tokenUsed' | 'expire' | 'count' | 'countReset' | 'trim'>

/** A job of upkeep: single statements, so that those of many jobs may be on their way at once. */
export type UpkeepJob = (client: Client) => Promise<unknown>

/** A trim goes at most so many events at a time, so that nobody's message waits long behind it. */
const trimStep = 1_000
/** Endings that are kept for nodes to read; one that is further behind asks for all. */
const endingsKept = 10_000

export function upkeepBy(writer: GroupCommit<UpkeepJob, unknown>): Upkeep {
  const rowsOf = async <Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> =>
    writer.do(async client => (await client.query<Row>({ name, text, values })).rows) as Promise<Row[]>
  return { ...keys(rowsOf), ...counters(rowsOf), trim: trimming(rowsOf) }
}

type RowsOf = <Row extends object>(name: string, text: string, values: unknown[]) => Promise<Row[]>

const keys = (rowsOf: RowsOf): Pick<Upkeep, 'sessionSeen' | 'tokenUsed' | 'expire'> => ({
  sessionSeen: async (session, at) =>
    void (await rowsOf('seen', 'UPDATE sessions SET seen_at = $1 WHERE id = $2 AND seen_at < $1', [
      at,
      session,
    ])),
  tokenUsed: async (token, at) =>
    void (await rowsOf('used', 'UPDATE tokens SET used_at = $1 WHERE id = $2 AND coalesce(used_at, 0) < $1', [
      at,
      token,
    ])),
  expire: async ({ idle, made, devices, now }) => {
    const [sessions, tokens] = await Promise.all([
      rowsOf<{ id: SessionId }>(
        'expire-sessions',
        'DELETE FROM sessions WHERE seen_at < $1 OR created_at < $2 RETURNING id',
        [idle, made],
      ),
      rowsOf<{ id: TokenId }>('expire-tokens', 'DELETE FROM tokens WHERE expires <= $1 RETURNING id', [now]),
      rowsOf('expire-devices', 'DELETE FROM devices WHERE seen_at < $1', [devices]),
      rowsOf('expire-counts', 'DELETE FROM counts WHERE until <= $1', [now]),
      rowsOf('drop-endings', 'DELETE FROM endings WHERE seq <= (SELECT ended FROM workspace) - $1', [
        endingsKept,
      ]),
    ])
    return [...sessions, ...tokens].map(({ id }) => id)
  },
})

const counters = (rowsOf: RowsOf): Pick<Upkeep, 'count' | 'countReset'> => ({
  count: async (key, windowMs, now) => {
    const end = Math.floor(now / windowMs) * windowMs + windowMs
    const [counted] = await rowsOf<{ count: number; until: number }>(
      'count',
      `INSERT INTO counts ("key", count, until) VALUES ($1, 1, $2)
       ON CONFLICT ("key") DO UPDATE SET
         count = CASE WHEN counts.until <= $3 THEN 1 ELSE counts.count + 1 END,
         until = CASE WHEN counts.until <= $3 THEN excluded.until ELSE counts.until END
       RETURNING count, until`,
      [key, end, now],
    )
    return counted ?? { count: 1, until: end }
  },
  countReset: async key => void (await rowsOf('count-reset', 'DELETE FROM counts WHERE "key" = $1', [key])),
})

/** What is kept of a log begins at the first event that is young enough, or at the newest `keep`. */
const trimOne = `
WITH bound AS (
  SELECT coalesce(
    (SELECT seq FROM events WHERE log = $1 AND seq >= $2 AND seq < $3 AND at >= $4 ORDER BY seq LIMIT 1), $3
  ) AS start
), moved AS (
  UPDATE logs SET start = bound.start FROM bound WHERE id = $1 AND logs.start = $2 AND bound.start > $2 RETURNING bound.start
), gone AS (
  DELETE FROM events USING moved WHERE log = $1 AND seq < moved.start
)
SELECT start FROM moved`

const trimming =
  (rowsOf: RowsOf): Upkeep['trim'] =>
  async ({ before, keep }) => {
    const long = await rowsOf<{ id: number; start: Seq; head: Seq }>(
      'long-logs',
      'SELECT id, start, head FROM logs WHERE head - start >= $1 ORDER BY id',
      [keep],
    )
    for (const { id, start, head } of long)
      for (let from = start; from < head - keep + 1; ) {
        const most = Math.min(head - keep + 1, from + trimStep)
        const [moved] = await rowsOf<{ start: Seq }>('trim', trimOne, [id, from, most, before])
        if (!moved) break
        from = moved.start
      }
  }
