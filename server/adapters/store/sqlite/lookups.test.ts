import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { MessageId, UserId } from '../../../../contract/ids.ts'
import { newId } from '../../../../contract/ids.ts'
import { systemClock } from '../../clock.ts'
import { messageEvents } from '../events/messages.ts'
import { idempotencyLookups } from '../sql/idempotency.ts'
import { placeholders } from '../sql/write.ts'
import { openToWrite } from './connection.ts'
import { openSqliteStore } from './store.ts'

test('an id is looked up by indexes alone, each asked once, and the first that has it ends the query', async () => {
  await using parts = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'confab-lookups-'))
  parts.defer(() => rm(directory, { recursive: true, force: true }))
  await (await openSqliteStore({ directory, clock: systemClock }))[Symbol.asyncDispose]()
  const db = openToWrite(directory)
  parts.defer(() => void db.close())
  const planOf = (shared: string): string[] => {
    const { sql, names } = placeholders(shared, () => '?')
    const rows = db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...names.map(() => null))
    return rows.map(({ detail }) => detail).filter(detail => /^(SCAN|SEARCH|USE TEMP)/.test(detail))
  }
  for (const [of, { own, elsewhere }] of Object.entries(idempotencyLookups))
    for (const sql of [own, elsewhere])
      for (const detail of planOf(sql)) assert.match(detail, /^SEARCH \w+ USING .*(INDEX|PRIMARY KEY)/, of)
  const { own, elsewhere } = idempotencyLookups.message
  const asked = [...planOf(own), ...planOf(elsewhere)].filter(detail => !detail.includes('erased'))
  assert.equal(asked.length, 9, asked.join('\n'))
})

test('a post whose id was just looked up looks nowhere again', () => {
  const again = messageEvents['message.posted'].steps.filter(step => 'refuseIfIdInUse' in step)
  assert.deepEqual(
    again.map(step => step.unlessLookedUp),
    [true],
  )
})

test('a post makes no entry by its time where its id tells it', () => {
  const now = Date.now()
  const paramsOf = (id: MessageId, at: number) =>
    messageEvents['message.posted'].params({ e: 'message.posted', by: newId<UserId>(), at, id, text: '' })
  assert.equal(paramsOf(newId<MessageId>(now - 50_000), now).misdated, 0)
  assert.equal(paramsOf(newId<MessageId>(now - 70_000), now).misdated, 1)
  assert.equal(paramsOf(newId<MessageId>(now + 70_000), now).misdated, 1)
})
