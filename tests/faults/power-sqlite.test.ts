import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { CutDisk } from '../support/cut-disk.ts'
import { Crowd } from '../support/nodes.ts'
import { randomFrom } from '../support/random.ts'
import { ServerProcess } from '../support/server-process.ts'
import { assertSound } from '../support/sound-sqlite.ts'
import type { Told } from '../support/store-told.ts'
import { assertTold, writeUntil } from '../support/store-told.ts'
import { synchronisingIs } from '../support/strace.ts'

const cuts = 6
const checkpointer = join(import.meta.dirname, '..', 'support', 'store-checkpointer.ts')
const aMoment = (random: () => number, most: number) =>
  new Promise(resolve => setTimeout(resolve, random() * most))

/** Changes somebody's picture again and again, whatever becomes of the server; answers how many were taken. */
async function dressUp({ owner }: Crowd, isOver: () => boolean): Promise<number> {
  let taken = 0
  for (let n = 0; !isOver(); n++) {
    const background = { r: n % 256, g: (n * 7) % 256, b: 30 }
    const body = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toBuffer()
    const headers = { 'content-type': 'image/png' }
    const response = await owner.fetch('/api/me/avatar', { method: 'PUT', headers, body }).catch(() => null)
    if (response?.ok) taken++
    if (!response) await new Promise(resolve => setTimeout(resolve, 20))
  }
  return taken
}

test(`[L1] [L2] [L3] [F1] [F2] nothing that was acknowledged is lost, doubled or moved by ${cuts} power failures, and no picture is half there`, {
  timeout: 60_000,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const made = CutDisk.make(256)
  if (typeof made === 'string') return t.skip(made)
  await using disk = made
  const directory = join(disk.folder, 'data')
  await using server = await ServerProcess.on(directory)
  using crowd = await Crowd.gather({ servers: [server] }, 4, seed, 0)
  let over = false
  const dressing = dressUp(crowd, () => over)
  for (let cut = 0; cut < cuts; cut++) {
    await crowd.says(1 + Math.floor(random() * 100))
    crowd.doubt()
    await disk.cut()
    // Meanwhile the server that has no disk any more goes on answering.
    await aMoment(random, 100)
    await server.kill('SIGKILL')
    crowd.trust()
    disk.restore()
    await assertSound(directory)
    await server.start()
  }
  over = true
  const pictures = await dressing
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(`${crowd.acknowledged} acknowledged of ${crowd.sends.length}, and ${pictures} pictures`)
  assert.ok(pictures > 0)
  await server.kill('SIGTERM')
})

/** Copies the log into the database again and again; answers, when it is ended, whether it could not any more. */
async function checkpointing(directory: string): Promise<() => Promise<boolean>> {
  const child = spawn(process.execPath, [checkpointer, directory], { stdio: ['ignore', 'pipe', 'ignore'] })
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

test(`[L1] [L2] [L3] [L5] after each of ${cuts} power failures in a checkpoint while eight write, nothing acknowledged is missing, doubled or out of order`, {
  timeout: 60_000,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const made = CutDisk.make(256)
  if (typeof made === 'string') return t.skip(made)
  await using disk = made
  const directory = join(disk.folder, 'data')
  const told: Told = new Map()
  let within = 0
  for (let cut = 0; cut < cuts; cut++) {
    const acks = 1 + Math.floor(random() * 100)
    let end = async () => false
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
})

test('the checker finds what is lost by a power failure on a disk that says it has synchronised, and has not', {
  timeout: 60_000,
}, async t => {
  const made = CutDisk.make(256)
  if (typeof made === 'string') return t.skip(made)
  await using disk = made
  await using server = await ServerProcess.on(join(disk.folder, 'data'))
  using crowd = await Crowd.gather({ servers: [server] }, 4, 1)
  {
    await using lying = await synchronisingIs(server.pid, 'retval=0')
    if (!lying) return t.skip('strace may not attach here')
    await crowd.says(50)
    await disk.cut()
    await server.kill('SIGKILL')
  }
  disk.restore()
  await server.start()
  assert.ok((await crowd.end()).some(({ fault }) => fault === 'lost'))
})
