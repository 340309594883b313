import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { systemClock } from '../../server/adapters/clock.ts'
import type { S3Place } from '../../server/adapters/files/s3.ts'
import { openS3Files } from '../../server/adapters/files/s3.ts'
import { checkStorage } from '../../server/cli/doctor/storage.ts'
import { assertOne, assertWell } from '../support/findings.ts'
import { S3Server } from '../support/s3-server.ts'

const looked = (place: S3Place) => checkStorage(place, systemClock)

test('storage that takes, gives, lists and deletes is well, and nothing is left there', async () => {
  await using server = await S3Server.start()
  assertWell(await looked(server.place()))
  assert.deepEqual(
    server.passed.map(one => one.method),
    ['PUT', 'GET', 'GET', 'DELETE', 'GET', 'GET'],
  )
})

test('storage where two workspaces keep their files is told, with their marks', async () => {
  await using server = await S3Server.start()
  const files = openS3Files(server.place(), { clock: systemClock })
  await files.mark('a'.repeat(43))
  assertWell(await looked(server.place()))
  await files.mark('b'.repeat(43))
  assertOne(await looked(server.place()), 'warn', /^2 workspaces/, /workspace-a{43}, workspace-b{43}/)
})

test('a wrong secret, a bucket that is not there and a service that is gone are told by what they are', async () => {
  await using server = await S3Server.start()
  assertOne(
    await looked(server.place({ s3SecretAccessKey: 'x' })),
    'fail',
    /not take a file.*SignatureDoes/,
    /CONFAB_S3_/,
  )
  assertOne(await looked(server.place({ s3Bucket: 'another' })), 'fail', /NoSuchBucket/, /BUCKET/)
  await server.shut()
  assertOne(await looked(server.place()), 'fail', /not take a file/, /ENDPOINT/)
})

test('a key that may not do one of the four is told with which', async () => {
  const refused = ['take a file', 'give a file back', 'list its files', 'delete a file']
  for (const [n, doing] of refused.entries()) {
    await using server = await S3Server.start()
    const pass = async (response: ServerResponse, asked: Parameters<S3Server['pass']>[0]) => {
      const { status, body } = await server.pass(asked)
      response.writeHead(status).end(body)
    }
    server.answer(
      ...Array.from({ length: n }, () => pass),
      response => void response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>'),
    )
    assertOne(await looked(server.place()), 'fail', new RegExp(`not ${doing}: .*AccessDenied`), /the key may/)
  }
})

test('storage that is reached by http elsewhere is told', async () => {
  await using server = await S3Server.start()
  const place = server.place()
  const elsewhere = { ...place, s3Endpoint: new URL(`http://storage.invalid:${server.port}`) }
  const findings = await looked({ ...elsewhere })
  assert.ok(findings.some(one => one.is === 'warn' && /readable/.test(one.says)))
})
