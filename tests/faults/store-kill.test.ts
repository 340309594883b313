import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'
import type { Told } from '../support/store-told.ts'
import { assertTold, writeUntil } from '../support/store-told.ts'

const writer = join(import.meta.dirname, '../support/store-writer.ts')
const failpoints = pathToFileURL(join(import.meta.dirname, '../support/store-failpoints.ts')).href
const kills = 20

/** Numbers from a seed (a linear congruential generator), so that a failing run can be run again. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

/** Lets a process write, and kills it after so many acknowledgements, or lets it kill itself at a failpoint then. */
async function writeUntilKilled(folder: string, told: Told, acks: number, at: string | null): Promise<void> {
  const place = {
    directory: join(folder, 'data'),
    failpoints: `${failpoints}?folder=${encodeURIComponent(folder)}`,
  }
  const signal = await writeUntil(place, told, acks, async child => {
    if (at === null) child.kill('SIGKILL')
    else await writeFile(join(folder, at), 'kill')
  })
  assert.equal(signal, 'SIGKILL')
  if (at !== null) await rm(join(folder, at))
}

test('[L1] [L2] [L3] [L5] after each of twenty kill -9 while eight write, nothing acknowledged is missing, doubled or out of order', {
  timeout: 200_000,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const number = numbersFrom(seed)
  await using folder = await temporaryFolder()
  const told: Told = new Map()
  const where = [null, null, 'before-commit', 'after-commit-before-reply'] as const
  for (let kill = 0; kill < kills; kill++) {
    await writeUntilKilled(folder.path, told, 1 + number(120), where[kill % where.length] ?? null)
    if (kill % 5 === 4) await assertTold(join(folder.path, 'data'), told)
  }
  assert.ok([...told.values()].filter(({ seq }) => seq !== null).length >= kills)
})

test('a directory that a living process has is refused, and free as soon as that is killed', {
  timeout: 60_000,
}, async () => {
  await using folder = await temporaryFolder()
  const directory = join(folder.path, 'data')
  const child = spawn(process.execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  child.stdout.resume()
  await once(child.stdout, 'data')
  await assert.rejects(openSqliteStore({ directory, clock: systemClock }), CannotOpen)
  child.kill('SIGKILL')
  await ended
  await using store = await openSqliteStore({ directory, clock: systemClock })
  assert.ok(await store.userNamed('alice'))
})
