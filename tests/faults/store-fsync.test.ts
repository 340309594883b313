import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import type { MessageId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'
import { synchronisingIs } from '../support/strace.ts'

const writer = join(import.meta.dirname, '../support/store-persistent-writer.ts')

test('[L2] while the disk fails to flush nothing is acknowledged, and afterwards writing goes on without a restart', {
  timeout: 60_000,
}, async t => {
  await using folder = await temporaryFolder()
  const child = spawn(process.execPath, [writer, folder.path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const acknowledged: { id: MessageId; seq: number }[] = []
  /** Reads on until a line begins so. */
  const until = async (word: string) => {
    for (;;) {
      const { value, done } = await lines.next()
      assert.ok(!done, `the writer ended before it printed ${word}`)
      const [first, id, , seq] = value.split(' ')
      if (first === 'ack') acknowledged.push({ id: id as MessageId, seq: Number(seq) })
      if (first === word) return
    }
  }
  await until('ack')
  {
    await using failing = await synchronisingIs(child.pid ?? 0, 'error=EIO')
    if (failing) await until('unavailable')
    else t.skip('strace may not attach here')
  }
  await until('ack')
  child.stdin.end()
  for (let next = await lines.next(); !next.done; next = await lines.next());
  assert.deepEqual((await ended)[0], 0)

  const db = new Database(databaseFile(folder.path))
  assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
  db.close()
  await using store = await openSqliteStore({ directory: folder.path, clock: systemClock })
  for (const { id, seq } of acknowledged) assert.equal((await store.message(id))?.message.seq, seq)
})
