import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { systemClock } from '../../server/adapters/clock.ts'
import type { S3Parts, S3Place } from '../../server/adapters/files/s3.ts'
import { openS3Files } from '../../server/adapters/files/s3.ts'
import { Unavailable } from '../../server/core/ports/failures.ts'
import { HandClock } from '../support/hand-clock.ts'
import type { Instead } from '../support/s3-server.ts'
import { account, S3Server } from '../support/s3-server.ts'
import { wrongOf } from '../support/s3-signature.ts'

const bytes = new TextEncoder().encode('a picture')
const hash = createHash('sha256').update(bytes).digest('hex')

const answer =
  (status: number, code = '', headers = {}): Instead =>
  response =>
    void response.writeHead(status, headers).end(code && `<Error><Code>${code}</Code></Error>`)
/** Less than the length that it told, and then the connection is gone. */
const half: Instead = response => {
  response.writeHead(200, { 'content-length': String(bytes.length) })
  response.write(bytes.slice(0, 4), () => response.destroy())
}
/** A whole answer of a part of the bytes. */
const shorter: Instead = response => void response.writeHead(200).end(bytes.slice(0, 4))

async function storage(t: TestContext, other: Partial<S3Place> = {}, parts: Partial<S3Parts> = {}) {
  const server = await S3Server.start()
  t.after(() => server[Symbol.asyncDispose]())
  const files = openS3Files(server.place(other), { clock: systemClock, random: () => 0, ...parts })
  return { server, files }
}

/** How a task is told that cannot be done, with its cause. */
async function unavailable(task: Promise<unknown>): Promise<Unavailable> {
  const error = await task.then(
    () => assert.fail('it was done'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Unavailable, inspect(error))
  assert.doesNotMatch(inspect(error), /S3RVER|Signature=/)
  return error
}

test('a service that is overloaded, breaks off or is late for a moment is asked again, and all is well', async t => {
  const { server, files } = await storage(t)
  server.answer(answer(503, 'SlowDown'), answer(500, 'InternalError'), answer(429))
  assert.equal(await files.put(bytes), hash)
  server.answer(half, shorter, answer(400, 'RequestTimeout'))
  assert.deepEqual(new Uint8Array((await files.get(hash)) ?? []), bytes)
  server.answer(answer(502))
  assert.deepEqual(await Array.fromAsync(files.list(), one => one.hash), [hash])
  server.answer(answer(503, 'SlowDown'))
  await files.remove(hash)
  assert.equal(await files.get(hash), null)
})

test('a service that stays overloaded is asked four times, no more', async t => {
  const { server, files } = await storage(t)
  for (const task of [() => files.put(bytes), () => files.get(hash), () => files.remove(hash)]) {
    server.passed.length = 0
    server.answer(...Array.from({ length: 4 }, () => answer(503, 'SlowDown')))
    assert.match(String((await unavailable(task())).cause), /answered 503 SlowDown/)
    assert.equal(server.passed.length, 4)
  }
})

test('bytes that stay cut off or exchanged are never given', async t => {
  const { server, files } = await storage(t)
  await files.put(bytes)
  for (const instead of [half, shorter, answer(200, 'another file')]) {
    server.answer(instead, instead, instead, instead)
    await unavailable(files.get(hash))
  }
})

/** Waits for the task, whose pauses between tries, of no length here, are by the clock. */
async function withPauses<T>(clock: HandClock, task: Promise<T>): Promise<T> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  task.then(done, done)
  while (!isDone) {
    clock.turn(0)
    await new Promise(setImmediate)
  }
  return task
}

test('a service that never answers is given up in half a minute, and one that is slow once is not', async t => {
  const clock = new HandClock()
  const { server, files } = await storage(t, {}, { clock })
  const asked = () => new Promise<void>(resolve => server.answer(() => resolve()))
  const first = asked()
  const put = files.put(bytes)
  await first
  clock.turn(10_000)
  assert.equal(await withPauses(clock, put), hash)

  const began = clock.now()
  const outcome = unavailable(files.get(hash))
  while ((await withPauses(clock, Promise.race([asked(), outcome]))) === undefined) clock.turn(10_000)
  assert.match(String((await outcome).cause), /no answer in time/)
  assert.ok(clock.now() - began <= 30_000)
})

test('a service that is gone is told as a store that cannot, and works again when it is back', async t => {
  const { server, files } = await storage(t)
  await files.put(bytes)
  await server.shut()
  await unavailable(files.get(hash))
  await unavailable(files.put(bytes))
  await server.open()
  assert.deepEqual(new Uint8Array((await files.get(hash)) ?? []), bytes)
})

test('a service without room says that it is full, and is not asked again', async t => {
  const { server, files } = await storage(t)
  for (const full of [answer(507), answer(403, 'QuotaExceeded'), answer(507, 'XMinioStorageFull')]) {
    server.passed.length = 0
    server.answer(full)
    assert.equal((await unavailable(files.put(bytes))).full, true)
    assert.equal(server.passed.length, 1)
  }
})

test('what no further try would mend is told at once, with what to do', async t => {
  const wrong: [Partial<S3Place>, RegExp][] = [
    [{ s3SecretAccessKey: 'mallory' }, /SignatureDoesNotMatch.*secret/],
    [{ s3Bucket: 'another' }, /NoSuchBucket.*made first/],
  ]
  for (const [place, why] of wrong) {
    const { server, files } = await storage(t, place)
    for (const task of [() => files.put(bytes), () => files.get(hash), () => Array.fromAsync(files.list())]) {
      server.passed.length = 0
      assert.match(String((await unavailable(task())).cause), why)
      assert.equal(server.passed.length, 1)
    }
  }
})

test('a bucket that is elsewhere is not followed: what is signed for one host is for no other', async t => {
  const { server, files } = await storage(t)
  const elsewhere = await S3Server.start()
  t.after(() => elsewhere[Symbol.asyncDispose]())
  const location = `http://127.0.0.1:${elsewhere.port}/confab/${hash}`
  server.answer(answer(307, 'TemporaryRedirect', { location }))
  assert.match(String((await unavailable(files.get(hash))).cause), /307.*another endpoint/)
  assert.deepEqual(elsewhere.passed, [])
})

test('bytes that were exchanged on their way to the service are taken by nobody', async t => {
  const { server, files } = await storage(t)
  server.answer(async (response, passing) => {
    const exchanged = { ...passing, body: Buffer.from('another') }
    response
      .writeHead(403)
      .end(`<Error><Code>${wrongOf(exchanged, account.s3SecretAccessKey)}</Code></Error>`)
  })
  assert.match(String((await unavailable(files.put(bytes))).cause), /XAmzContentSHA256Mismatch/)
})

test('the bucket may stand before the host name, and the request is signed for that name', async t => {
  const { server } = await storage(t)
  // No name but this machine's own is looked up in a test.
  const toTheProxy: S3Parts['fetch'] = async ({ host, pathname: path }, { method = '', headers, body }) => {
    const sent = { host, ...Object.fromEntries(new Headers(headers)) }
    const asked = request({ host: '127.0.0.1', port: server.port, method, path, headers: sent })
    asked.end(body)
    const [{ statusCode }] = (await once(asked, 'response')) as [IncomingMessage]
    return new Response(null, { status: statusCode ?? 0 })
  }
  const place = server.place({ s3Style: 'virtual-hosted', s3Endpoint: new URL('http://s3.example.test') })
  const files = openS3Files(place, { clock: systemClock, fetch: toTheProxy })
  server.answer((response, passing) => {
    assert.deepEqual([passing.headers.host, passing.url], ['confab.s3.example.test', `/${hash}`])
    assert.equal(wrongOf(passing, account.s3SecretAccessKey), null)
    response.end()
  })
  assert.equal(await files.put(bytes), hash)
  assert.equal(server.passed.length, 1)
})

test('things in the bucket that are no files of Confab are not listed', async t => {
  const { server, files } = await storage(t, { s3Prefix: 'a/' })
  const others = openS3Files(server.place({ s3Prefix: 'a/b/' }), { clock: systemClock })
  await others.put(bytes)
  assert.deepEqual(await Array.fromAsync(files.list()), [])
})

test('a list that is none is not taken for an empty one', async t => {
  const { server, files } = await storage(t)
  const page: Instead = response => void response.writeHead(200).end('<html>Welcome</html>')
  server.answer(page, page, page, page)
  assert.match(String((await unavailable(Array.fromAsync(files.list()))).cause), /no list/)
})
