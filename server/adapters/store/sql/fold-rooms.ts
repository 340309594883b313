import type { Database } from 'better-sqlite3'
import type { EventOf } from '../../../../contract/events.ts'
import type { RoomId, Seq } from '../../../../contract/ids.ts'
import { foldName, slugOf } from '../../../../contract/names.ts'
import type { Logs } from '../sqlite/log.ts'
import { flag } from './columns.ts'
import type { Folds } from './place.ts'

const put = `INSERT INTO rooms (id, kind, name, folded, slug, topic, archived, everyone, created_at, changed_seq,
  members, deleted_seq, deleted_at, listed_seq)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, folded = excluded.folded, slug = excluded.slug,
  topic = excluded.topic, archived = excluded.archived, everyone = excluded.everyone, changed_seq = excluded.changed_seq`

export function foldRooms(
  db: Database,
  logs: Logs,
): Folds<'room.changed' | 'room.listed' | 'room.unlisted' | 'workspace.changed'> {
  const before = db.prepare<[string], { changed: Seq; listed: Seq }>(
    'SELECT changed_seq AS changed, listed_seq AS listed FROM rooms WHERE id = ?',
  )
  const change = db.prepare(put)
  const list = db.prepare('UPDATE rooms SET listed_seq = ? WHERE id = ?')
  const rename = db.prepare('UPDATE workspace SET name = ?')
  const unlist = (room: RoomId) => {
    const listed = before.get(room)?.listed ?? 0
    if (listed > 0) logs.redact('workspace', listed)
  }
  return {
    'room.changed': (event, { room, seq }) => {
      const changed = before.get(room)?.changed ?? 0
      change.run(room, ...columns(event), seq)
      if (changed > 0) logs.redact(`room:${room}`, changed)
    },
    'room.listed': (event, { seq }) => {
      unlist(event.room.id)
      list.run(seq, event.room.id)
    },
    'room.unlisted': event => {
      unlist(event.room)
      list.run(0, event.room)
    },
    'workspace.changed': event => void rename.run(event.workspace.name),
  }
}

/** What is appended carries the whole room; only a redacted event has less. */
function columns(event: EventOf<'room.changed'>): (string | number)[] {
  const { kind, name, topic, archived, everyone, createdAt } = event.room
  if (
    kind === undefined ||
    name === undefined ||
    topic === undefined ||
    archived === undefined ||
    everyone === undefined ||
    createdAt === undefined
  )
    throw new Error('A room.changed carries the whole room.')
  return [kind, name, foldName(name), slugOf(name), topic, flag(archived), flag(everyone), createdAt]
}
