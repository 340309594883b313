import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../server/adapters/clock.ts'
import type { S3Place } from '../../server/adapters/files/s3.ts'
import { openS3Files } from '../../server/adapters/files/s3.ts'
import { S3Server } from '../support/s3-server.ts'
import type { OpenedFiles } from './files-suite.ts'
import { filesContract } from './files-suite.ts'

async function open(other: Partial<S3Place> = {}): Promise<OpenedFiles> {
  const server = await S3Server.start()
  const place = server.place(other)
  const parts = { clock: systemClock, random: () => 0, filesAPage: 10 }
  /** The service keeps an object as a file beside its data. */
  const behind = (hash: string) => join(server.directory, 'confab', `${place.s3Prefix}${hash}._S3rver_object`)
  return {
    files: openS3Files(place, parts),
    again: async () => openS3Files(place, parts),
    damage: (hash, bytes) => writeFile(behind(hash), bytes),
    async age(hash, ms) {
      const at = new Date(Date.now() - ms)
      await utimes(behind(hash), at, at)
    },
    fail: () => server.shut(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

filesContract('Files on S3-compatible storage', open)
filesContract('Files on S3-compatible storage under a prefix', () => open({ s3Prefix: 'confab/pictures/' }))
