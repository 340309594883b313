import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { postgresAt, sqliteAt } from '../support/copies.ts'
import { Cast } from '../support/store-cast.ts'
import { openTemporaryPostgres } from '../support/store-postgres.ts'
import { openTemporarySqlite, temporaryFolder } from '../support/store-sqlite.ts'
import { backed } from './furnished.ts'

/** Files in it, in its folders too, that hold the word. */
async function filesWith(word: string, folder: string): Promise<string[]> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const holding = []
  for (const { parentPath, name } of names)
    if ((await readFile(join(parentPath, name))).includes(word)) holding.push(name)
  return holding
}

for (const [what, opened] of Object.entries({
  SQLite: async () => {
    const sqlite = await openTemporarySqlite()
    return { opened: sqlite, place: sqliteAt(sqlite.directory) }
  },
  PostgreSQL: async () => {
    const postgres = await openTemporaryPostgres()
    return { opened: postgres, place: postgresAt(postgres.url, '/nonexistent') }
  },
}))
  test(`[L6] ${what}: a backup right after holds no byte of what was deleted or edited away, though the server's own file may`, async () => {
    await using folder = await temporaryFolder()
    const { opened: kept, place } = await opened()
    await using _kept = kept
    const cast = new Cast(() => kept.store)
    const alice = await cast.user('alice', { displayName: 'namedcanary' })
    const room = await cast.room('General', [alice])
    const gone = await cast.post(room, alice, 'deletedcanary')
    const edited = await cast.post(room, alice, 'editedcanary')
    await cast.post(room, alice, 'staying')
    await cast.erase(room, alice, gone)
    await cast.edit(room, alice, edited.id, 'edited', 1)
    if (place.is === 'sqlite')
      assert.notDeepEqual(
        await filesWith('deletedcanary', place.data),
        [],
        'nothing is to be kept out of the backup',
      )
    const { folder: backup } = await backed(place, folder.path)
    for (const word of ['deletedcanary', 'editedcanary'])
      assert.deepEqual(await filesWith(word, backup), [], word)
    for (const word of ['staying', 'namedcanary'])
      assert.deepEqual(await filesWith(word, backup), ['confab.db'], word)
  })
