import { randomBytes } from 'node:crypto'
import { nameOfMark } from '../../adapters/files/marks.ts'
import type { S3Place } from '../../adapters/files/s3.ts'
import { openS3Files } from '../../adapters/files/s3.ts'
import { reasonOf } from '../../adapters/reason.ts'
import { isLoopback } from '../../config.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Files } from '../../core/ports/files.ts'
import type { Finding } from './finding.ts'
import { fail, ok, warn } from './finding.ts'

/** The storage of files: puts some random bytes, gets them, finds them in the list, and takes them away. */
export async function checkStorage(place: S3Place, clock: Clock): Promise<Finding[]> {
  const files = openS3Files(place, { clock })
  const way = encrypted(place)
  let doing = 'take a file'
  try {
    const bytes = randomBytes(64)
    const hash = await files.put(bytes)
    doing = 'give a file back'
    const got = await files.get(hash)
    if (!got || Buffer.compare(got, bytes) !== 0) throw new Error('it does not have what it took')
    doing = 'list its files'
    for await (const _ of files.list()) break
    doing = 'delete a file'
    await files.remove(hash)
    if (await files.get(hash)) throw new Error('it is still there')
    const shared = await checkMarks(files)
    return [ok('The storage takes a file, gives it back, lists and deletes it.'), shared, way]
  } catch (error) {
    const why = reasonOf(error instanceof Error && error.cause ? error.cause : error)
    return [
      fail(
        `The storage does not ${doing}: ${why}.`,
        'See that CONFAB_S3_ENDPOINT, _BUCKET, _REGION and _STYLE are as the service tells them, and that the key may get, put, delete and list there.',
      ),
      way,
    ]
  }
}

function encrypted({ s3Endpoint: { protocol, hostname } }: S3Place): Finding {
  if (protocol === 'https:') return ok('Files cross the network by https.')
  if (isLoopback(hostname)) return ok('The storage is on this machine.')
  return warn('Files cross the network readable.', 'Let CONFAB_S3_ENDPOINT begin with https.')
}

/** Whether one workspace alone keeps its files there: where two do, neither takes any away. */
export async function checkMarks(files: Pick<Files, 'marks'>): Promise<Finding> {
  const marks = await files.marks()
  if (marks.length < 2) return ok('No two workspaces keep their files here.')
  return warn(
    `${marks.length} workspaces keep their files here, so that none takes away what it no longer needs.`,
    `Give each a directory or a CONFAB_S3_PREFIX of its own, or take away the mark of one that is no more: ${marks.map(nameOfMark).join(', ')}. The log names one's own at each start.`,
  )
}
