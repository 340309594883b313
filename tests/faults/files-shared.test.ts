import assert from 'node:assert/strict'
import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import sharp from 'sharp'
import type { AvatarId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openS3Files } from '../../server/adapters/files/s3.ts'
import type { Log } from '../../server/core/ports/log.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { account, S3Server } from '../support/s3-server.ts'
import { silent } from '../support/silent-log.ts'

/** A server with the picture of its owner in that storage. `told`: what its log said of another workspace there. */
async function withPicture(t: TestContext, storage: S3Server, background: string) {
  const told: string[] = []
  const warn = (_: object, sentence: string) => {
    if (/^Another workspace keeps its files where ours are/.test(sentence)) told.push(sentence)
  }
  const log: Log = { ...silent, warn }
  const { s3Endpoint } = storage.place()
  const key = {
    's3-access-key-id': account.s3AccessKeyId,
    's3-secret-access-key': account.s3SecretAccessKey,
  }
  const where = { 's3-endpoint': s3Endpoint.href, 's3-bucket': 'confab', 's3-region': 'eu-central-1' }
  const server = await TestServer.bare({ ...where, ...key }, { log })
  t.after(() => server[Symbol.asyncDispose]())
  const owner = await server.setUp()
  const picture = sharp({ create: { width: 600, height: 600, channels: 3, background } }).png()
  const response = await owner.fetch('/api/me/avatar', {
    method: 'PUT',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(await picture.toBuffer()),
  })
  const { avatar } = (await response.json()) as { avatar: AvatarId }
  return { server, owner, avatar, told }
}

/** Lets everything there be two hours old. */
async function age(storage: S3Server): Promise<void> {
  const folder = join(storage.directory, 'confab')
  const then = new Date(Date.now() - 2 * 3600_000)
  for (const name of await readdir(folder)) await utimes(join(folder, name), then, then)
}

const statusOf = async (who: Person, avatar: AvatarId): Promise<number> =>
  (await who.fetch(`/files/${avatar}/128.webp`)).status

test('two workspaces that were given one bucket take away none of one another’s pictures, and say so', async t => {
  await using storage = await S3Server.start()
  const both = [await withPicture(t, storage, 'teal'), await withPicture(t, storage, 'plum')]
  await age(storage)
  // Each start sweeps, and each end waits for that.
  for (const { server } of [...both, ...both]) await server.restart()
  for (const { owner, avatar, told } of both) {
    assert.equal(await statusOf(owner, avatar), 200)
    assert.ok(told.length > 0)
  }
})

test('a workspace that has its bucket to itself goes on taking away what no row names', async t => {
  await using storage = await S3Server.start()
  const { server, owner, avatar, told } = await withPicture(t, storage, 'teal')
  const files = openS3Files(storage.place(), { clock: systemClock })
  const left = await files.put(new TextEncoder().encode('bytes that a crash left without a row'))
  await age(storage)
  await server.restart()
  await server.restart()
  assert.equal(await statusOf(owner, avatar), 200)
  assert.equal(await files.get(left), null)
  assert.deepEqual(told, [])
})
