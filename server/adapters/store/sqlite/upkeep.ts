import type { Database } from 'better-sqlite3'
import type { Seq, SessionId, TokenId } from '../../../../contract/ids.ts'
import type { Job, JobName, Jobs } from '../sql/jobs.ts'

/** A node that missed more endings than this asks about everybody. */
const endingsKept = 10_000

type Upkeep = Exclude<JobName, 'commit'>
type Doers = { readonly [Name in Upkeep]: (job: Extract<Job, { do: Name }>) => Jobs[Name]['answer'] }

/** A trim goes at most so many events at a time, so that nobody's message waits long behind it. */
const trimStep = 1_000

/** The writes that are nobody's Change: keys seen and expired, counters, the log's retention. */
export const upkeepOf = (db: Database): Doers => ({ ...keys(db), ...counters(db), ...retention(db) })

function keys(db: Database): Pick<Doers, 'sessionSeen' | 'tokenUsed' | 'expire'> {
  const seen = db.prepare('UPDATE sessions SET seen_at = ? WHERE id = ? AND seen_at < ?')
  const used = db.prepare('UPDATE tokens SET used_at = ? WHERE id = ? AND coalesce(used_at, 0) < ?')
  const sessions = db
    .prepare<[number, number], SessionId>(
      'DELETE FROM sessions WHERE seen_at < ? OR created_at < ? RETURNING id',
    )
    .pluck()
  const tokens = db.prepare<[number], TokenId>('DELETE FROM tokens WHERE expires <= ? RETURNING id').pluck()
  const counts = db.prepare('DELETE FROM counts WHERE until <= ?')
  const devices = db.prepare('DELETE FROM devices WHERE seen_at < ?')
  const endings = db.prepare(
    `DELETE FROM endings WHERE seq <= (SELECT ended FROM workspace) - ${endingsKept}`,
  )
  return {
    sessionSeen: job => {
      seen.run(job.at, job.session, job.at)
      return null
    },
    tokenUsed: job => {
      used.run(job.at, job.token, job.at)
      return null
    },
    expire: job => {
      counts.run(job.now)
      devices.run(job.devices)
      const gone = [...sessions.all(job.idle, job.made), ...tokens.all(job.now)]
      endings.run()
      return gone
    },
  }
}

function counters(db: Database): Pick<Doers, 'count' | 'countReset'> {
  const count = db.prepare<[string, number, number, number], { count: number; until: number }>(
    `INSERT INTO counts ("key", count, until) VALUES (?, 1, ?)
     ON CONFLICT ("key") DO UPDATE SET
       count = CASE WHEN until <= ? THEN 1 ELSE count + 1 END,
       until = CASE WHEN until <= ? THEN excluded.until ELSE until END
     RETURNING count, until`,
  )
  const reset = db.prepare('DELETE FROM counts WHERE "key" = ?')
  return {
    count: ({ key, windowMs, now }) => {
      const window = Math.floor(now / windowMs) * windowMs
      return count.get(key, window + windowMs, now, now) ?? { count: 1, until: window + windowMs }
    },
    countReset: job => {
      reset.run(job.key)
      return null
    },
  }
}

function retention(db: Database): Pick<Doers, 'trim'> {
  const long = db.prepare<[number], { id: number; start: Seq; head: Seq }>(
    'SELECT id, start, head FROM logs WHERE head - start >= ? ORDER BY id',
  )
  // What is kept begins at the first event that is young enough, or at the newest `keep`.
  const young = db
    .prepare<[number, Seq, Seq, number], Seq>(
      'SELECT seq FROM events WHERE log = ? AND seq >= ? AND seq < ? AND at >= ? ORDER BY seq LIMIT 1',
    )
    .pluck()
  const drop = db.prepare('DELETE FROM events WHERE log = ? AND seq < ?')
  const start = db.prepare('UPDATE logs SET start = ? WHERE id = ?')
  return {
    trim: ({ before, keep }) => {
      for (const log of long.all(keep)) {
        const most = Math.min(log.head - keep + 1, log.start + trimStep)
        const to = young.get(log.id, log.start, most, before) ?? most
        if (to === log.start) continue
        drop.run(log.id, to)
        start.run(to, log.id)
        return true
      }
      return false
    },
  }
}
