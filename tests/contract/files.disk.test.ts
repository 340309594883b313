import { createHash } from 'node:crypto'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDiskFiles } from '../../server/adapters/files/disk.ts'
import { filesContract } from './files-suite.ts'

const nothing = createHash('sha256').digest('hex')

filesContract('Files on a disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'confab-files-'))
  const place = (hash: string) => join(directory, hash.slice(0, 2), hash)
  return {
    files: await openDiskFiles(directory),
    again: () => openDiskFiles(directory),
    damage: (hash, bytes) => writeFile(place(hash), bytes),
    async age(hash, ms) {
      const at = new Date(Date.now() - ms)
      await utimes(place(hash), at, at)
    },
    // A file where the folder was: root is kept out by no mode.
    async fail() {
      await rm(directory, { recursive: true })
      await writeFile(directory, nothing)
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
})
