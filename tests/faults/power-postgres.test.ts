import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Crowd } from '../support/nodes.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { ServerProcess } from '../support/server-process.ts'
import { onCutDisk, postgresFails } from './power.ts'

const cuts = 5

test(
  `[L1] [L2] [L3] [F1] [F2] nothing that was acknowledged is lost, doubled or moved by ${cuts} power failures of PostgreSQL, in checkpoints too, which is set to lose it`,
  {
    timeout: 150_000,
  },
  t => postgresFails(t, cuts),
)

test(
  'the checker finds what is lost by a power failure where PostgreSQL is set not to synchronise',
  {
    timeout: 150_000,
  },
  t =>
    onCutDisk(t, 1_024, async disk => {
      await using database = await PostgresServer.start({ within: disk.folder, settings: { fsync: 'off' } })
      await using server = await ServerProcess.on(join(disk.folder, 'data'), [
        '--database-url',
        database.url(),
      ])
      using crowd = await Crowd.gather({ servers: [server] }, 4, 1)
      disk.synchronise()
      await crowd.says(50)
      await disk.cut()
      await server.kill('SIGKILL')
      await database.stop('SIGQUIT')
      disk.restore()
      await database.start()
      await server.start()
      assert.ok((await crowd.end()).some(({ fault }) => fault === 'lost'))
    }),
)
