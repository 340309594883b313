import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Crowd } from '../support/nodes.ts'
import { ServerProcess } from '../support/server-process.ts'
import { synchronisingIs } from '../support/strace.ts'
import { checkpointsFail, onCutDisk, sqliteFails } from './power.ts'

const cuts = 6

test(
  `[L1] [L2] [L3] [F1] [F2] nothing that was acknowledged is lost, doubled or moved by ${cuts} power failures, and no picture is half there`,
  {
    timeout: 150_000,
  },
  t => sqliteFails(t, cuts),
)

test(
  `[L1] [L2] [L3] [L5] after each of ${cuts} power failures in a checkpoint while eight write, nothing acknowledged is missing, doubled or out of order`,
  {
    timeout: 150_000,
  },
  t => checkpointsFail(t, cuts),
)

test(
  'the checker finds what is lost by a power failure on a disk that says it has synchronised, and has not',
  {
    timeout: 150_000,
  },
  t =>
    onCutDisk(t, 256, async disk => {
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
    }),
)
