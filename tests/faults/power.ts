import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import pg from 'pg'
import sharp from 'sharp'
import type { Person } from '../support/app.ts'
import { CutDisk } from '../support/cut-disk.ts'
import { Crowd } from '../support/nodes.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { randomFrom } from '../support/random.ts'
import { ServerProcess } from '../support/server-process.ts'
import { assertSound, assertSoundPostgres } from '../support/sound.ts'
import type { Told } from '../support/store-told.ts'
import { assertTold, writeUntil } from '../support/store-told.ts'

const aMoment = (random: () => number, most: number) =>
  new Promise(resolve => setTimeout(resolve, random() * most))

function seeded(t: TestContext): { seed: number; random: () => number } {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  return { seed, random: randomFrom(seed) }
}

/** Somebody who changes her picture again and again, whatever becomes of the server. */
class Wearer implements Disposable {
  taken = 0
  readonly #over = new AbortController()
  readonly #dressing: Promise<void>

  constructor(person: Person) {
    this.#dressing = this.#dress(person)
  }

  /** Resolves when one more was taken. */
  async wears(): Promise<void> {
    const before = this.taken
    while (this.taken === before) await new Promise(resolve => setTimeout(resolve, 2))
  }

  end(): Promise<void> {
    this.#over.abort()
    return this.#dressing
  }

  [Symbol.dispose](): void {
    this.#over.abort()
  }

  async #dress(person: Person): Promise<void> {
    const { signal } = this.#over
    for (let n = 0; !signal.aborted; n++) {
      const background = { r: n % 256, g: (n * 7) % 256, b: 30 }
      const body = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toBuffer()
      const headers = { 'content-type': 'image/png' }
      const asked = { method: 'PUT', headers, body, signal }
      const response = await person.fetch('/api/me/avatar', asked).catch(() => null)
      if (response?.ok) this.taken++
      else await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}

/** A server and all that it keeps, on one machine whose power may fail. */
interface Machine {
  readonly disk: CutDisk
  readonly server: ServerProcess
  /** What the server keeps its rows in, where that is a process too. */
  readonly database?: PostgresServer
  /** Goes on until the power fails. */
  busy?(): Promise<void>
  assertSound(): Promise<void>
}

/** People talk and change pictures while the power fails so many times. */
async function fails(t: TestContext, machine: Machine, cuts: number): Promise<void> {
  const { disk, server, database } = machine
  const { seed, random } = seeded(t)
  using crowd = await Crowd.gather({ servers: [server] }, 4, seed, 0)
  using wearer = new Wearer(crowd.owner)
  for (let cut = 0; cut < cuts; cut++) {
    const busy = cut % 2 ? machine.busy?.() : undefined
    await wearer.wears()
    await crowd.says(1 + Math.floor(random() * 100))
    crowd.doubt()
    await disk.cut()
    // Meanwhile the server that has no disk any more goes on answering.
    await aMoment(random, 100)
    await server.kill('SIGKILL')
    await database?.stop('SIGQUIT')
    await busy
    crowd.trust()
    disk.restore()
    await database?.start()
    await machine.assertSound()
    await server.start()
    await crowd.owner.call('me.get', {})
  }
  await wearer.end()
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(`${crowd.acknowledged} acknowledged of ${crowd.sends.length}, and ${wearer.taken} pictures`)
}

/** Does it with a disk of so many megabytes; skipped, with the reason, where there can be none. */
export async function onCutDisk(
  t: TestContext,
  megabytes: number,
  work: (disk: CutDisk) => Promise<void>,
): Promise<void> {
  const made = CutDisk.make(megabytes)
  if (typeof made === 'string') return t.skip(made)
  await using disk = made
  await work(disk)
}

export const sqliteFails = (t: TestContext, cuts: number): Promise<void> =>
  onCutDisk(t, 256, async disk => {
    const directory = join(disk.folder, 'data')
    await using server = await ServerProcess.on(directory)
    await fails(t, { disk, server, assertSound: () => assertSound(directory) }, cuts)
  })

/** Tells PostgreSQL to make a checkpoint again and again, until it is gone. */
async function checkpoints(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    for (;;) await client.query('CHECKPOINT')
  } catch {}
}

export const postgresFails = (t: TestContext, cuts: number): Promise<void> =>
  onCutDisk(t, 1_024, async disk => {
    // What is committed stays in memory for ten seconds, unless whoever commits wants it otherwise.
    const settings = { synchronous_commit: 'off', wal_writer_delay: '10s' }
    await using database = await PostgresServer.start({ within: disk.folder, settings })
    disk.synchronise()
    const directory = join(disk.folder, 'data')
    const url = database.url()
    await using server = await ServerProcess.on(directory, ['--database-url', url])
    const machine = {
      ...{ disk, server, database },
      busy: () => checkpoints(url),
      assertSound: () => assertSoundPostgres(url, directory),
    }
    await fails(t, machine, cuts)
  })

/** Copies the log of a SQLite store into its database again and again; answers, when it is ended, whether it could not any more. */
async function checkpointing(directory: string): Promise<() => Promise<boolean>> {
  const program = join(import.meta.dirname, '..', 'support', 'store-checkpointer.ts')
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'ignore'] })
  let told = ''
  child.stdout.on('data', chunk => {
    told += chunk
  })
  const ended = once(child, 'close')
  await once(child.stdout, 'data')
  return async () => {
    child.kill('SIGKILL')
    await ended
    return told.endsWith('fails\n')
  }
}

/** Eight write to a SQLite store while the power fails so many times, as a rule in the middle of a checkpoint. */
export const checkpointsFail = (t: TestContext, cuts: number): Promise<void> =>
  onCutDisk(t, 256, disk => failInCheckpoints(t, disk, cuts))

async function failInCheckpoints(t: TestContext, disk: CutDisk, cuts: number): Promise<void> {
  const { random } = seeded(t)
  const directory = join(disk.folder, 'data')
  const told: Told = new Map()
  let within = 0
  for (let cut = 0; cut < cuts; cut++) {
    let end = async () => false
    const acks = 1 + Math.floor(random() * 100)
    const ended = await writeUntil({ directory }, told, acks, async (_, doubt) => {
      end = await checkpointing(directory)
      await aMoment(random, 50)
      doubt()
      await disk.cut()
    })
    if (await end()) within++
    assert.equal(ended, null, 'it ended by itself, since nothing could be written')
    disk.restore()
    await assertTold(directory, told)
  }
  const acknowledged = [...told.values()].filter(({ seq }) => seq !== null).length
  t.diagnostic(`${acknowledged} acknowledged of ${told.size}; ${within} cuts in the middle of a checkpoint`)
  assert.ok(within > 0)
}
